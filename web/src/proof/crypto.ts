// SPDX-License-Identifier: Apache-2.0
// The browser's own SHA-256 and Ed25519; a library where it has none: an old browser, or a page over plain HTTP.
import type { Bytes } from './bytes';

export async function sha256(bytes: Bytes): Promise<Bytes> {
  if (crypto.subtle) return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const { sha256: digest } = await import('@noble/hashes/sha2.js');
  return new Uint8Array(digest(bytes));
}

/** Whether `signature` (64 bytes) is that of the Ed25519 key (32 bytes) over the message (RFC 8032). */
export async function isSigned(key: Bytes, signature: Bytes, message: Bytes): Promise<boolean> {
  try {
    const own = await crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', own, signature, message);
  } catch {
    const { ed25519 } = await import('@noble/curves/ed25519.js');
    return ed25519.verify(signature, message, key, { zip215: false });
  }
}
