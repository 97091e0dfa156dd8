// SPDX-License-Identifier: Apache-2.0
#include "simulation/simulator.h"

#include <filesystem>

#include "journal/snapshot_file.h"
#include "simulation/model/auditor.h"
#include "simulation/people.h"

namespace hulan::simulation {
namespace {

constexpr std::int64_t kStartNs = 1'704'672'000'000'000'000;  // Monday, 8 January 2024, 08:00
constexpr std::int64_t kYearNs = 366LL * 24 * 3600 * 1'000'000'000;
constexpr int kMostStarts = 2'000;  // in a row; more means that it never comes up again
constexpr std::uint64_t kStarting = kDirectOrigin | 1;  // asks for the market's first record

model::InitMarket market_terms() {
  return {.withdrawal_limit_fen = 10'000'000,
          .notice_ns = model::kMinute,
          .exclusive_ns = 30 * model::kMinute,
          .settle_after_ns = 48 * model::kHour,
          .client_id_ns = model::kDay,
          .utc_offset_s = 28'800,
          .market_days = 0b0011111,
          .pay_minute = 17 * 60,
          .topup_minute = 12 * 60,
          .defaults_to_suspend = 3,
          .administrator = kAdministrator,
          .name_document = {1}};
}

class Simulator {
 public:
  explicit Simulator(const Options& options)
      : options_(options),
        random_(options.seed),
        clock_(kStartNs),
        machine_clock_(kStartNs),
        entropy_(random_.fork()),
        disk_(random_.fork(), clock_, outcome_.faults),
        network_(random_.fork(), clock_, outcome_.faults),
        workload_(random_.fork()),
        identity_(open_identity()),
        documents_(open_documents()),
        world_{disk_,      clock_,     machine_clock_, entropy_,
               *identity_, *documents_, options.scratch},
        checks_([this](const model::Command& command, std::span<const std::uint8_t> events) {
          report(auditor_.observe(command, events));
        }),
        clients_(random_.fork(), network_, clock_, checks_, enrol(*identity_, kStartNs)) {
    draw_odds();
  }

  Outcome run() {
    try {
      while (checks_.last() < options_.commands) step();
      finish();
    } catch (const Violation& violation) {
      outcome_.violation = violation;
    }
    outcome_.commands = checks_.last();
    outcome_.accepted = checks_.accepted();
    outcome_.answered = clients_.answered();
    return std::move(outcome_);
  }

 private:
  std::unique_ptr<identity::Directory> open_identity() {
    identity::Options cheap;
    cheap.password_cost = identity::PasswordCost::cheapest();
    auto opened = identity::Directory::open(options_.scratch, cheap);
    HULAN_ASSERT(opened.has_value());
    return std::make_unique<identity::Directory>(std::move(*opened));
  }
  std::unique_ptr<documents::Store> open_documents() {
    auto opened = documents::Store::open(options_.scratch);
    HULAN_ASSERT(opened.has_value());
    return std::make_unique<documents::Store>(std::move(*opened));
  }

  /// Each run has its own weather: some are calm, some are storms.
  void draw_odds() {
    const FaultSet& faults = options_.faults;
    const bool ends = faults.has(Fault::kCrash) || faults.has(Fault::kPower);
    const auto odds = [&](std::int64_t low, std::int64_t high) {
      return static_cast<std::uint64_t>(random_.between(low, high));
    };
    disk_odds_.end = ends ? odds(100, 4'000) : 0;
    disk_odds_.error = odds(300, 20'000);
    disk_odds_.corruption = odds(500, 20'000);
    disk_odds_.slow = odds(50, 5'000);
    disk_odds_.full = odds(2, 40);
    disk_.set_odds(disk_odds_, faults);
    network_.set_odds(odds(10, 500), faults);
    clients_.set_faults(faults, outcome_.faults);
    // From a command a batch to hundreds: torn writes differ with their length.
    poll_percent_ = random_.one_of({1U, 2U, 5U, 20U, 50U, 90U});
    snapshot_every_ = odds(200, 5'000);
  }

  void step() {
    pass_time();
    try {
      if (!process_) return start();
      turn();
    } catch (const ProcessEnds&) {
      outcome_.faults.add(Fault::kCrash);
      end_process();
    }
  }

  void turn() {
    if (!initialized()) {
      ask_for_the_beginning();
      if (!process_) return;  // it ended in its first write
    } else if (clients_.waiting() < 400) {
      clients_.ask(workload_.next(process_->engine().state(), {clock_.now_ns()},
                                  options_.faults.has(Fault::kPoison)),
                   process_->engine().state());
    }
    if (random_.once_in(16)) clients_.ask_again();
    carry();
    if (random_.percent(poll_percent_)) poll();
    if (process_ && random_.percent(60)) pump();
    if (process_ && random_.once_in(snapshot_every_)) check(process_->snapshot());
  }

  [[nodiscard]] bool initialized() {
    const auto& market = process_->engine().state().market;
    return market[1].initialized != 0;
  }

  void ask_for_the_beginning() {
    const model::InitMarket body = market_terms();
    model::RecordHeader header{};
    header.type = body.kType;
    header.version = 1;
    submit(header, {reinterpret_cast<const std::uint8_t*>(&body), sizeof(body)}, kStarting);
    poll();
  }

  bool submit(model::RecordHeader header, std::span<const std::uint8_t> body,
              std::uint64_t origin) {
    return process_->submit(header, body, origin);
  }

  // --- time ---
  void pass_time() {
    std::int64_t ns = random_.between(0, 2'000'000);
    if (random_.once_in(100)) ns += random_.between(0, 60) * model::kSecond;
    if (random_.once_in(400)) ns += random_.between(0, 12) * model::kHour;
    if (process_ && random_.once_in(60)) {
      const std::int64_t due = process_->engine().next_timer().value;
      if (due < clock_.now_ns() + kYearNs) ns = std::max(ns, due - clock_.now_ns() + random_.between(-2, 2));
    }
    clock_.advance(ns);
    machine_clock_.advance(ns);
    if (options_.faults.has(Fault::kClock) && random_.once_in(3'000)) {
      outcome_.faults.add(Fault::kClock);
      clock_.advance(random_.between(-model::kDay, model::kHour));
    }
  }

  // --- the network's turn ---
  void carry() {
    close_cut_sessions();
    ConnectionId id = 0;
    Network::To to{};
    std::string message;
    while (network_.receive(id, to, message)) {
      if (to == Network::To::kClient) {
        clients_.receive(id, message);
      } else {
        receive(id, message);
      }
    }
  }

  void receive(ConnectionId id, const std::string& message) {
    if (message[0] == kBytes) {
      std::uint64_t ref = 0;
      model::RecordHeader header;
      std::memcpy(&ref, message.data() + 1, sizeof(ref));
      std::memcpy(&header, message.data() + 1 + sizeof(ref), sizeof(header));
      const std::size_t body = 1 + sizeof(ref) + sizeof(header);
      const std::uint64_t origin = kDirectOrigin | ++directs_;
      direct_[origin] = {id, ref};
      static_cast<void>(submit(
          header,
          {reinterpret_cast<const std::uint8_t*>(message.data()) + body, message.size() - body},
          origin));
      return;
    }
    gateways::Session*& session = sessions_[id];
    if (session == nullptr) {
      session = process_->doors().open_session([this, id] { woken_.insert(id); });
      HULAN_ASSERT(session != nullptr);
    }
    session->receive(std::string_view(message).substr(1), machine_clock_.now_ns());
    process_->doors().flush();
    send_frames();
  }

  void send_frames() {
    std::string frame;
    for (const ConnectionId id : std::exchange(woken_, {})) {
      const auto found = sessions_.find(id);
      if (found == sessions_.end()) continue;
      while (found->second->take(frame)) {
        found->second->sent(frame.size());
        network_.send(id, Network::To::kClient, kFrame + frame);
      }
    }
  }

  void close_cut_sessions() {
    for (const ConnectionId id : network_.take_cut()) {
      const auto found = sessions_.find(id);
      if (found == sessions_.end()) continue;
      process_->doors().close_session(found->second);
      sessions_.erase(found);
    }
  }

  void pump() {
    process_->pump([this](const model::Replied& replied) {
      const auto found = direct_.find(replied.origin);
      if (found == direct_.end()) return;
      std::string message(1, kBytes);
      message.append(reinterpret_cast<const char*>(&found->second.ref), sizeof(std::uint64_t));
      message.append(reinterpret_cast<const char*>(&replied), sizeof(replied));
      network_.send(found->second.connection, Network::To::kClient, std::move(message));
      direct_.erase(found);
    });
    send_frames();
  }

  // --- the engine's turn ---
  void poll() {
    auto worked = process_->poll();
    if (!worked) end_process();
  }

  /// A snapshot that cannot be written is no reason to end.
  static void check(const journal::Result<void>&) {}

  // --- ends and starts ---
  void end_process() {
    if (process_) {
      checks_.ended(process_->engine());
    } else {
      checks_.start_failed();
    }
    sessions_.clear();
    woken_.clear();
    direct_.clear();
    network_.cut_all();
    process_.reset();
    if (options_.faults.has(Fault::kPower) && random_.percent(60)) {
      outcome_.faults.add(Fault::kPower);
      disk_.lose_power();
    } else {
      disk_.end_process();
    }
    failed_starts_ = 0;
  }

  void start() {
    ++outcome_.starts;
    if (++failed_starts_ > kMostStarts) {
      throw Violation{"the exchange comes up again", "it does not", checks_.last()};
    }
    if (random_.percent(50)) disk_.free_space();
    drop_snapshots();
    auto process = std::make_unique<Process>(
        world_, [this](Record record) { checks_.submitted(std::move(record)); });
    auto found = process->examine();
    if (!found) return refused_start(found.error());
    if (found->scan.end.next_sequence <= checks_.last()) return short_journal(found->scan.end);
    auto records = read_records(
        disk_, [&](const journal::RecordView& record) { checks_.found(record); }, found->snapshot);
    if (!records) return refused_start(records.error());  // damaged since it was looked at
    auto opened = process->open(
        *found,
        [&](std::span<const std::uint8_t> events) {
          checks_.replayed(events, process->engine());
        },
        [this](std::span<const std::uint8_t> events) { checks_.published(events); });
    if (!opened) return refused_start(opened.error());
    checks_.recovered();
    process->engine().check_invariants();
    compare(process->engine());
    process_ = std::move(process);
  }

  static void report(const std::optional<auditor::Finding>& finding) {
    if (finding) throw Violation{finding->rule, finding->text, finding->sequence};
  }

  /// The whole state against the auditor's.
  void compare(engine::Engine& engine) {
    engine::EventBuffer chunk(2 * model::kMaxEventBytesPerCommand);
    engine.describe(chunk, [&] {
      report(auditor_.compare(chunk.bytes()));
      chunk.clear();
    });
    report(auditor_.compare(chunk.bytes()));
  }

  void refused_start(const journal::Error& error) {
    checks_.start_failed();
    if (error.kind != journal::ErrorKind::kDamage) return;
    if (!disk_.corrupted()) {
      throw Violation{"a journal that nobody damaged is accepted", error.message(),
                      checks_.last()};
    }
    ++outcome_.damage_found;
    disk_.repair();
  }

  /// Published records are missing at the end. One copy cannot know it if the disk lied about them;
  /// a second copy brings them back. If the disk did not lie, they are lost.
  void short_journal(const journal::Position& end) {
    if (!disk_.corrupted_from(end.path, end.offset)) {
      throw Violation{"what was acknowledged is there after an end",
                      "the journal ends before " + std::to_string(end.next_sequence),
                      end.next_sequence};
    }
    ++outcome_.lost_to_one_copy;
    disk_.repair();
  }

  void drop_snapshots() {
    if (!options_.faults.has(Fault::kStale) || !random_.once_in(4)) return;
    disk_.pause();
    if (const auto snapshots = journal::list_snapshots(disk_, kDirectory)) {
      const std::size_t drop = random_.below(snapshots->size() + 1);
      for (std::size_t i = 0; i < drop; ++i) {
        outcome_.faults.add(Fault::kStale);
        static_cast<void>(disk_.remove((*snapshots)[i]));
      }
    }
    disk_.resume();
  }

  /// No more faults: everything that was asked is answered, and the whole journal gives the state.
  void finish() {
    disk_.pause();
    network_.set_odds(0, {});
    disk_.repair();
    disk_.free_space();
    while (!process_) start();
    while (process_->poll().value()) {
    }
    pump();
    compare(process_->engine());
    engine::Engine fresh;
    engine::EventBuffer events(2 * model::kMaxEventBytesPerCommand);
    auto whole = read_records(disk_, [&](const journal::RecordView& record) {
      checks_.check_record(record);
      model::Command command{};
      std::memcpy(&command.header, record.bytes.data(), sizeof(command.header));
      command.sequence = record.sequence;
      command.now = model::Time{record.time_ns};
      command.body = record.body;
      events.clear();
      fresh.apply(command, events);
    });
    if (!whole) {
      throw Violation{"the whole journal is sound", whole.error().message(), checks_.last()};
    }
    outcome_.state_hash = process_->engine().state_hash();
    if (fresh.sequence() != checks_.last() || fresh.state_hash() != outcome_.state_hash) {
      throw Violation{"the whole journal gives the state", "another state", checks_.last()};
    }
  }

  struct Direct {
    ConnectionId connection = 0;
    std::uint64_t ref = 0;
  };

  Options options_;
  Outcome outcome_;
  Random random_;
  SimClock clock_;
  SimClock machine_clock_;
  SimEntropy entropy_;
  SimStorage disk_;
  Network network_;
  Workload workload_;
  std::unique_ptr<identity::Directory> identity_;
  std::unique_ptr<documents::Store> documents_;
  World world_;
  auditor::Auditor auditor_;
  Checks checks_;
  Clients clients_;
  DiskOdds disk_odds_;
  unsigned poll_percent_ = 50;
  std::uint64_t snapshot_every_ = 1'000;
  std::unique_ptr<Process> process_;
  int failed_starts_ = 0;
  std::map<ConnectionId, gateways::Session*> sessions_;
  std::set<ConnectionId> woken_;
  std::map<std::uint64_t, Direct> direct_;
  std::uint64_t directs_ = 1;
};

}  // namespace

Outcome run(const Options& options) { return Simulator(options).run(); }

}  // namespace hulan::simulation
