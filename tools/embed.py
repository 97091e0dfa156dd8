#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Packs a folder of built pages into an assembler file and a table in C++.

    tools/embed.py FOLDER OUT.s OUT.cc

Text is stored compressed, as the doors send it; a folder that is not there gives an empty table."""

import gzip
import hashlib
import sys
from pathlib import Path

TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
         ".svg": "image/svg+xml", ".png": "image/png", ".json": "application/json", ".ico": "image/x-icon",
         ".webmanifest": "application/manifest+json", ".txt": "text/plain; charset=utf-8", ".woff2": "font/woff2"}
TEXT = {".html", ".js", ".css", ".svg", ".json", ".webmanifest", ".txt"}


def main():
    folder, assembler, table = map(Path, sys.argv[1:4])
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix in TYPES) if folder.is_dir() else []
    blobs = assembler.parent / "embedded"
    blobs.mkdir(parents=True, exist_ok=True)
    code, rows = ['  .section .rodata\n'], []
    for number, path in enumerate(files):
        data = path.read_bytes()
        packed = path.suffix in TEXT
        stored = gzip.compress(data, 9, mtime=0) if packed else data
        blob = blobs / f"{number}.bin"
        if not blob.exists() or blob.read_bytes() != stored:
            blob.write_bytes(stored)
        code.append(f'  .balign 16\n  .globl hulan_page_{number}\nhulan_page_{number}:\n  .incbin "{blob.resolve()}"\n')
        etag = hashlib.sha256(data).hexdigest()[:32]
        rows.append((path.relative_to(folder).as_posix(), number, len(stored), TYPES[path.suffix], etag, packed))
    code.append('  .section .note.GNU-stack,"",@progbits\n')
    assembler.write_text("".join(code))
    lines = ['// Made by tools/embed.py.\n#include "hulan/static_files.h"\n\nextern "C" {\n']
    lines += [f"extern const unsigned char hulan_page_{r[1]}[];\n" for r in rows]
    lines.append("}\n\nnamespace hulan::app {\n\nstd::span<const EmbeddedFile> embedded_files() {\n")
    if rows:
        lines.append("  static const EmbeddedFile kFiles[] = {\n")
        lines += [f'      {{"/{r[0]}", {{hulan_page_{r[1]}, {r[2]}}}, "{r[3]}", "\\"{r[4]}\\"", {str(r[5]).lower()}}},\n'
                  for r in rows]
        lines.append("  };\n  return kFiles;\n")
    else:
        lines.append("  return {};\n")
    lines.append("}\n\n}  // namespace hulan::app\n")
    table.write_text("".join(lines))


main()
