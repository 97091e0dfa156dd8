// SPDX-License-Identifier: Apache-2.0
// The doors without their sockets: requests and frames in, answers out. Server gives them sockets;
// a simulator may drive them itself. Network thread, except set_ready().
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateways/call.h"
#include "gateways/catalogue.h"
#include "gateways/channels.h"
#include "gateways/http.h"
#include "gateways/metrics.h"
#include "gateways/reader.h"
#include "gateways/router.h"
#include "gateways/services.h"
#include "gateways/session.h"

namespace hulan::gateways {

class Gateway final : private projections::ChangeListener {
 public:
  static constexpr std::size_t kMostSessions = 1 << 16;

  /// What to run aside so that the network goes on meanwhile: `work` on any thread, then `after`
  /// with its result on the network thread.
  using RunAside = std::function<void(std::function<bool()> work, std::function<void(bool)> after)>;

  Gateway(Services services, const SessionLimits& limits);
  ~Gateway() override;
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  /// Without it, slow work is done at once.
  void set_run_aside(RunAside run) { run_aside_ = std::move(run); }
  void set_ready(bool ready) { ready_.store(ready, std::memory_order_release); }
  [[nodiscard]] bool ready() const { return ready_.load(std::memory_order_acquire); }

  /// Answers through `reply`, at once or after the market has. `request` need not outlive the call.
  void handle(const HttpRequest& request, HttpReply reply);
  /// The answer to something that never became a request.
  [[nodiscard]] HttpResponse problem_response(const Problem& problem, Language language) const;

  /// Nullptr: too many streams. The session lives until closed.
  [[nodiscard]] Session* open_session(std::function<void()> wake);
  void close_session(Session* session);
  /// Wakes the sessions that have something to send: after receive(), tick() and handle().
  void flush();

  /// See Server::deliver.
  void deliver(std::span<const std::uint8_t> events);
  /// Once each second of the machine's time.
  void tick();
  /// Each limit of streams and requests: of those that each stream has, the one closest to its end.
  void for_each_limit(const LimitVisitor& visit);

  // --- for the parts of the doors ---
  /// One request; `reply` is called once, at once or when the market has answered.
  void dispatch(const HttpRequest& request, const HttpReply& reply, Language language);
  /// The stream whose answers carry this origin; nullptr: it has gone.
  [[nodiscard]] Session* session_of(std::uint64_t origin) const;
  [[nodiscard]] std::expected<Caller, Problem> authenticate(std::string_view token);
  /// Why the market takes no such command now; nothing: it was handed over.
  [[nodiscard]] std::optional<Fault> submit(const Caller& caller, model::CommandType type,
                                            std::uint8_t version, const model::ClientId& client_id,
                                            std::span<const std::uint8_t> body,
                                            std::uint64_t origin);
  /// False: the disk is too full for new work, and documents for it are not to be stored.
  [[nodiscard]] bool takes_new_work() const;
  /// A request's command; `reply` is called when the market has answered.
  void submit(const Call& call, Submission submission, const HttpReply& reply);
  void commit() { services_.commands.flush(); }
  [[nodiscard]] model::ClientId make_client_id();
  void run_aside(std::function<bool()> work, std::function<void(bool)> after);
  void mark_dirty(Session* session) { dirty_.push_back(session); }
  void append_problem_json(std::string& out, const Problem& problem, Language language) const;
  /// "2024-01-15T09:00:00.000Z", quick for a moment that was asked for last.
  [[nodiscard]] std::string_view time_of(std::int64_t ns);

  /// What was made outside the log for a command, so that the same command sent again makes it
  /// once, also after a restart: the participant or user number, or the hash of a salted paper.
  [[nodiscard]] identity::Result<std::optional<model::DocumentHash>> remembered(const Call& call);
  [[nodiscard]] identity::Result<void> remember(const Call& call, const model::DocumentHash& made);
  template <class Number>
  [[nodiscard]] static model::DocumentHash as_hash(Number number) {
    model::DocumentHash hash{};
    std::memcpy(hash.data(), &number, sizeof number);
    return hash;
  }
  [[nodiscard]] static std::uint32_t as_number(const model::DocumentHash& hash) {
    std::uint32_t number = 0;
    std::memcpy(&number, hash.data(), sizeof number);
    return number;
  }

  [[nodiscard]] Services& services() { return services_; }
  [[nodiscard]] const Reader& reader() const { return reader_; }
  [[nodiscard]] Channels& channels() { return channels_; }
  [[nodiscard]] Counts& counts() { return counts_; }

 private:
  /// A REST command whose answer is to come.
  struct Waiting {
    HttpReply reply;
    std::function<void(const model::Replied&, JsonWriter*)> done;
    Language language = Language::kChinese;
    std::uint32_t generation = 0;
    bool used = false;
  };
  struct Slot {
    std::unique_ptr<Session> session;
    std::uint32_t generation = 0;
  };

  /// R12: whose stream has ended, and when, in the market's time.
  struct Left {
    Caller caller;
    std::int64_t at = 0;
  };

  /// Cancels what stood when the stream ended; true when nothing of it stands any more.
  [[nodiscard]] bool cancel_orders(const Left& left);
  void on_event(const model::EventHeader& event, std::uint32_t index_in_command) override;
  void on_replied(const model::Replied& reply);
  void answer_request(const model::Replied& reply);
  void serve_file(const HttpRequest& request, std::string_view path, const HttpReply& reply,
                  Language language);
  void run_command(Call& call, CommandHandler handler, const HttpReply& reply);
  void run_read(Call& call, ReadHandler handler, const HttpReply& reply);

  Services services_;
  SessionLimits limits_;
  Counts counts_;
  Catalogue catalogue_;
  Reader reader_;
  Channels channels_;
  RunAside run_aside_;
  std::atomic<bool> ready_{false};
  std::vector<Waiting> waiting_;
  std::vector<std::uint32_t> free_waiting_;
  std::vector<Slot> sessions_;
  std::vector<std::uint32_t> free_sessions_;
  std::vector<Session*> dirty_;
  std::vector<Left> left_;  ///< whose orders still stand
  std::uint64_t chance_ = 0;
  std::int64_t time_ns_ = -1;
  std::string time_text_;
};

}  // namespace hulan::gateways
