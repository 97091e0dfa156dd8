// SPDX-License-Identifier: Apache-2.0
// SHA-256 for a paper's foot. The browser's own is absent where a page comes over plain HTTP.
import { sha256 as digest } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** Lower-case hexadecimal digest of the text's UTF-8 bytes. */
export const sha256 = (text: string): string => bytesToHex(digest(utf8ToBytes(text)));
