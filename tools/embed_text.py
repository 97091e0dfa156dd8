#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Puts text files into a table in C++, as they are.

    tools/embed_text.py OUT.cc FILE..."""

import sys
from pathlib import Path


def main():
    lines = ['// Made by tools/embed_text.py.\n#include "hulan/default_files.h"\n\nnamespace hulan::app {\n',
             "std::span<const DefaultFile> default_files() {\n  static constexpr DefaultFile kFiles[] = {\n"]
    for path in sorted(map(Path, sys.argv[2:]), key=lambda p: p.name):
        text = path.read_text(encoding="utf-8")
        assert ')~~"' not in text, path
        lines.append(f'      {{"{path.name}", R"~~({text})~~"}},\n')
    lines.append("  };\n  return kFiles;\n}\n\n}  // namespace hulan::app\n")
    Path(sys.argv[1]).write_text("".join(lines), encoding="utf-8")


main()
