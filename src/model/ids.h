// SPDX-License-Identifier: Apache-2.0
// The numbers by which things are known. 0 always means "none". Ids are dense, given in sequence by
// the engine (lots, contracts, ...) or by identity before the command that names them
// (participants, users).
#pragma once

#include <array>
#include <cstdint>

namespace hulan::model {

using ParticipantId = std::uint32_t;
using UserId = std::uint32_t;
using ProductId = std::uint32_t;
using LotId = std::uint32_t;
using ContractId = std::uint32_t;
using DeliveryId = std::uint32_t;
using MarkId = std::uint32_t;
using PendingId = std::uint32_t;
using ClaimId = std::uint32_t;
using SessionId = std::uint32_t;
using QuotaId = std::uint32_t;
using BookId = std::uint32_t;
/// Given by the book when an order rests: its slot in the low half, in the high half how often the
/// slot had held an order before, so that an old id never finds a newer order. 0: none.
using OrderId = std::uint64_t;
using QuoteId = std::uint32_t;
using MandateId = std::uint32_t;
using SealKeyId = std::uint32_t;
using Sequence = std::uint64_t;

/// 48 bits of milliseconds (big-endian, UTC) and 80 bits of chance, chosen by the client.
using ClientId = std::array<std::uint8_t, 16>;

/// SHA-256 of a document in the document store; all zero means none.
using DocumentHash = std::array<std::uint8_t, 32>;

}  // namespace hulan::model
