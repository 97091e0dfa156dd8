// SPDX-License-Identifier: Apache-2.0
// The closed lists of the market's words. Values are part of the log's format: never renumber.
#pragma once

#include <cstdint>

namespace hulan::model {

enum class Currency : std::uint8_t { kCny = 0, kRub = 1 };

enum class ParticipantKind : std::uint8_t {
  kProducer = 1,
  kTrader,
  kSlaughterhouse,
  kProcessor,
  kCarrier,
  kWarehouse,
  kAgent
};
enum class LegalForm : std::uint8_t {
  kLegalPerson = 1,
  kNaturalPerson,
  kIndividualBusiness,
  kCooperative
};
enum class VatStatus : std::uint8_t { kExemptProducer = 1, kGeneral, kSmallScale };         // R9.3
enum class ParticipantState : std::uint8_t { kApplied = 1, kActive, kSuspended, kClosed };  // R2.2

/// R2.3, a bit mask.
enum Role : std::uint16_t {
  kRoleOperator = 1,
  kRoleSettlementOfficer = 2,
  kRoleInspector = 4,
  kRoleSupervisor = 8,
  kRoleAuditor = 16,
  kRoleAdministrator = 32,
  kRoleTrader = 64,
  kRoleFinance = 128,
  kRoleViewer = 256
};

/// A participant's five accounts, R3.1.
enum class Bucket : std::uint8_t {
  kAvailable = 0,
  kPerformanceBond,
  kTradingBond,
  kPrepaid,
  kDisputed
};
constexpr std::size_t kBuckets = 5;
/// The operator's accounts. Bank is the mirror of the custodian: the negative of all others (R3.4).
enum class OperatorAccount : std::uint8_t {
  kBank = 0,
  kFeeIncome,
  kVatPayable,
  kDisposalPayable,
  kSuspense,
  kPayoutsInTransit
};
constexpr std::size_t kOperatorAccounts = 6;

enum class PriceBasis : std::uint8_t {
  kByWeight = 1,
  kByCount = 2
};  // li/kg, or fen per head or piece
/// What a quantity counts: head (hogs: average weight given; piglets; pieces) or grams (grain,
/// milk).
enum class QuantityUnit : std::uint8_t { kHead = 1, kGrams = 2 };
enum class Side : std::uint8_t { kSell = 1, kBuy = 2 };  // of the initiator
enum class Method : std::uint8_t {
  kNone = 0,
  kListing = 1,
  kAscending = 2,
  kNegotiation = 3,
  kClock = 4,
  kSealed = 5,
  kOrderBook = 8 /* R5.4: refused without a permit */
};
constexpr std::uint32_t method_bit(Method m) { return 1u << static_cast<unsigned>(m); }
enum class Terms : std::uint8_t { kDestination = 1, kOrigin = 2 };  // R8.1

enum class LotState : std::uint8_t {
  kDraft = 1,
  kListed,
  kAnnounced,
  kOpen,
  kExclusive /* R5.3.6 */,
  kSold,
  kUnsold,
  kExpired,
  kWithdrawn,
  kOpening /* R5.3.4: closed, waits for its openings */,
  kCarried /* R5.3.3: unsold, may enter another session without a new notice */
};

/// A session runs a catalogue of lots by itself (R5.3).
enum class SessionKind : std::uint8_t {
  kCadran = 1 /* R5.3.3: one lot after the other on a falling clock */,
  kSharedClock = 2 /* R5.3.2: all at once; any bid restarts the one shrinking clock */
};
enum class SessionState : std::uint8_t {
  kAnnounced = 1,
  kRunning,
  kAllocating /* what is unsold goes to quotas, lot by lot */,
  kEnded
};
/// R5.3.3: what becomes of a lot that nobody took.
enum class UnsoldRule : std::uint8_t {
  kCarry = 1,
  kAllocate = 2,
  kEnd = 3 /* of a shared clock: each lot ends for itself (R5.3.6) */
};

enum class DocumentKind : std::uint8_t {
  kPhoto = 1,
  kSheet /* JSON: title and description in three languages */,
  kAsfTest,
  kImmunization,
  kQuarantineA,
  kQuarantineB,
  kVehicleFiling,
  kOriginCertificate,
  kAssay,
  kOther
};

enum class ContractState : std::uint8_t {
  kConcluded = 1,
  kPaid,
  kScheduled,
  kLoaded,
  kArrived,
  kWeighed,
  kTopUp /* R9.4: waits for the buyer's top-up */,
  kSettled,
  kClosed,
  kDefaulted,
  kCancelled,
  kDisputed,
  kBusted = 13 /* R12.4 */
};
enum class DeliveryState : std::uint8_t { kScheduled = 1, kLoaded, kArrived, kWeighed, kFailed };
enum class DefaultKind : std::uint8_t {
  kNone = 0,
  kBuyerDidNotPay,
  kBuyerDidNotCollect,
  kSellerDidNotDeliver,
  kSellerShort
};

enum class PendingKind : std::uint8_t {
  kAdmission = 1,
  kDeposit,
  kWithdrawal,
  kManualPosting,
  kProduct,
  kLotWithdrawal,
  kContractCancel,
  kDisputeEnd,
  kBust = 10 /* R12.4 */,
  kAward = 11 /* R8.6 */
};
enum class PendingState : std::uint8_t { kOpen = 1, kApproved, kRejected };

enum class ClaimGround : std::uint8_t {
  kResaleLoss = 1,
  kCoverCost,
  kSettlementShortage,
  kSellerNegative
};

/// R8.6: of a claim about a weighing.
enum class DisputeState : std::uint8_t {
  kFiled = 1 /* waits until the undisputed part can be paid (R9.4) */,
  kOpen /* the disputed amount and the performance bonds are frozen */,
  kAwarded,
  kWithdrawn,
  kGranted
};

/// How an auction's goods go to its bids: whole to the best, or in parts (R5.3.7) that pay their
/// own price or all the lowest accepted one.
enum class Award : std::uint8_t { kWhole = 0, kPayAsBid, kUniform };
/// Of a bid on a divisible lot; 0: the row is free.
enum class LotBidState : std::uint8_t {
  kLive = 1,
  kOutbid /* bonds released; it may come back when better ones are struck (R5.7) */
};

/// R5.2: of one number in a negotiation.
enum class QuoteState : std::uint8_t {
  kLive = 1 /* binds its maker, whose bonds are frozen */,
  kCountered,
  kAccepted,
  kRefused,
  kWithdrawn,
  kExpired,
  kEnded /* the request ended before it was answered */,
  kStruck /* R5.7 */
};

/// R2.5: of what an agent may do in its principal's name.
enum class MandateState : std::uint8_t { kGiven = 1, kActive, kRevoked };

/// How a sealed auction is awarded (R5.3.4): the first two for whole lots, the others for parts.
enum class SealedAward : std::uint8_t { kFirstPrice = 1, kSecondPrice, kPayAsBid, kUniform };
enum class SealedPhase : std::uint8_t {
  kSealed = 1,
  kOpening /* both shares are known: envelope by envelope */,
  kConcluding /* the awards are made */,
  kEnded
};
/// Of one sealed bid.
enum class EnvelopeState : std::uint8_t {
  kShut = 1,
  kOpened,
  kVoid /* did not fit its hash: its trading bond went to the initiator */,
  kInvalid /* opened, but outside the notice's limits */,
  kStruck /* its bidder was removed, R5.7 */,
  kWon,
  kLost
};

/// Why money moved: the text of a statement's line.
enum class PostingReason : std::uint8_t {
  kDeposit = 1,
  kWithdrawalRequested,
  kWithdrawalPaid,
  kWithdrawalReturned,
  kManual,
  kBondFrozen,
  kBondReleased,
  kBondTrimmed,
  kPrepaid,
  kPrepaidReturned,
  kGoods,
  kFee,
  kFeeVat,
  kDisposal,
  kForfeit,
  kBondReturned,
  kTopUp,
  kClaimPaid,
  kDisputed,
  kBusted /* R12.4 */,
  kAward /* R8.6 */
};

// --- the order book, R5.4 ---
enum class BookSide : std::uint8_t { kBuy = 0, kSell = 1 };
constexpr BookSide other(BookSide side) {
  return side == BookSide::kBuy ? BookSide::kSell : BookSide::kBuy;
}
enum class OrderKind : std::uint8_t { kLimit = 1, kMarket };
/// What becomes of the part that does not trade at once.
enum class OrderLife : std::uint8_t {
  kSession = 1,  ///< rests until the session's close
  kImmediate,    ///< IOC: cancelled
  kFillOrKill,   ///< all of it trades at once, or the order is refused
  kPostOnly,     ///< refused if any of it would trade at once; else as kSession
  kGoodTill      ///< GTD: rests until a stated time of the session
};
/// What happens where an order would meet one of the same participant or a related one (R5.6).
enum class SelfTrade : std::uint8_t {
  kCancelOldest = 1,
  kCancelNewest,
  kCancelBoth,
  kDecrement,
  kAllow  ///< trades: where the product's terms say so
};
enum class BookPhase : std::uint8_t {
  kClosed = 1,
  kOpeningCall,
  kContinuous,
  kVolatilityCall,
  kClosingCall,
  kUncrossing,  ///< a call auction's trades are being made
  kClosing      ///< what is left is taken out
};
/// Why an order, or a part of it, left the book without a trade.
enum class OrderOutReason : std::uint8_t {
  kCancelled = 1,
  kReduced,
  kReplaced,
  kSelfTrade,
  kExpired,
  kSessionEnd,
  kStopped,    ///< suspension or kill switch
  kTriggered,  ///< a stop order became an order
  kRefused     ///< a stop order was triggered and could not become one
};

}  // namespace hulan::model
