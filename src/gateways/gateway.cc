// SPDX-License-Identifier: Apache-2.0
#include "gateways/gateway.h"

#include <boost/json/monotonic_resource.hpp>
#include <charconv>

#include "base/sha256.h"
#include "gateways/json_reader.h"
#include "gateways/moment.h"
#include "gateways/static_files.h"

namespace hulan::gateways {
namespace {

constexpr std::uint64_t kStreamOrigin = std::uint64_t{1} << 63;
/// Longer than the market knows a client id.
constexpr std::int64_t kRememberedNs = 2 * model::kDay;

std::uint64_t next_chance(std::uint64_t& state) {  // splitmix64
  std::uint64_t x = state += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

std::string remember_key(const Call& call) {
  std::string key(reinterpret_cast<const char*>(call.client_id.data()), call.client_id.size());
  key.append(reinterpret_cast<const char*>(&call.caller.user), sizeof call.caller.user);
  return key;
}

/// What begins something, as against what goes on with it, ends it or pays for it.
bool is_new_work(model::CommandType type) {
  switch (type) {
    using enum model::CommandType;
    case kRegisterUser:
    case kApplyParticipant:
    case kRelateParticipants:
    case kDefineProduct:
    case kRegisterMark:
    case kGrantMark:
    case kCreateLot:
    case kAttachDocument:
    case kAttachTags:
    case kPostListing:
    case kTake:
    case kAnnounceAuction:
    case kPlaceBid:
    case kAnnounceSession:
    case kEnterClock:
    case kTakeClock:
    case kBondQuota:
    case kEnterSharedClock:
    case kRegisterSealKey:
    case kAnnounceSealed:
    case kPlaceSealedBid:
    case kRequestQuote:
    case kQuote:
    case kCounter:
    case kGiveMandate:
    case kActFor:
    case kSetProxy:
    case kPlaceOrder:
    case kOpenBook:
      return true;
    default:
      return false;
  }
}

bool open_before_ready(std::string_view path) { return !path.starts_with("/v1/"); }

}  // namespace

Gateway::Gateway(Services services, const SessionLimits& limits)
    : services_(std::move(services)),
      limits_(limits),
      catalogue_(services_.documents),
      reader_{services_.view, services_.identity, catalogue_, services_.market},
      channels_(reader_, counts_) {
  services_.entropy.fill({reinterpret_cast<std::uint8_t*>(&chance_), sizeof chance_});
  services_.view.set_listener(this);
}

Gateway::~Gateway() { services_.view.set_listener(nullptr); }

// --- requests ------------------------------------------------------------------------------------

HttpResponse Gateway::problem_response(const Problem& problem, Language language) const {
  HttpResponse response;
  response.status = problem.status;
  response.content_type = "application/problem+json";
  append_problem_json(response.body, problem, language);
  if (problem.retry_after_s > 0) {
    response.headers.emplace_back("Retry-After", std::to_string(problem.retry_after_s));
  }
  if (problem.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

void Gateway::append_problem_json(std::string& out, const Problem& problem,
                                  Language language) const {
  append_problem(out, problem, language, reader_.view.sequence(), reader_.view.now().value);
}

void Gateway::handle(const HttpRequest& request, HttpReply reply) {
  ++counts_.requests;
  if (request.target != "/v1/documents") counts_.note_message(request.body.size());
  const HttpReply counted = [this, reply = std::move(reply)](HttpResponse&& response) {
    ++counts_.by_status_class[std::min<std::size_t>(response.status / 100, 5)];
    reply(std::move(response));
  };
  dispatch(request, counted, preferred_language(request.accept_language));
  flush();
}

void Gateway::dispatch(const HttpRequest& request, const HttpReply& reply, Language language) {
  const auto refuse = [&](const Problem& problem) { reply(problem_response(problem, language)); };
  const auto question = request.target.find('?');
  const std::string_view path = request.target.substr(0, question);
  const bool reads = request.method == HttpMethod::kGet || request.method == HttpMethod::kHead;
  const Match match = match_route(reads ? HttpMethod::kGet : request.method, path);
  if (!match.path_known && !path.starts_with("/v1/") && path != "/v1") {
    if (!reads) return refuse(Problem(Fault::wrong_method));
    if (auto file = static_response(services_.files, request, path)) {
      return reply(std::move(*file));
    }
  }
  if (match.route == nullptr) {
    return refuse(Problem(match.path_known ? Fault::wrong_method : Fault::not_found));
  }
  if (!ready() && !open_before_ready(path)) return refuse(Problem(Fault::not_ready));
  Call call{*this,
            request,
            reader_,
            services_,
            Query(question == std::string_view::npos ? std::string_view{}
                                                     : request.target.substr(question + 1)),
            Caller{},
            language,
            {},
            {},
            {}};
  call.numbers = match.numbers;
  call.word = match.word;
  if (!request.authorization.empty()) {
    constexpr std::string_view kBearer = "Bearer ";
    if (!request.authorization.starts_with(kBearer)) return refuse(Problem(Fault::unauthorized));
    const auto caller = authenticate(request.authorization.substr(kBearer.size()));
    if (!caller) return refuse(caller.error());
    call.caller = *caller;
  }
  if (match.route->needs_user && call.caller.user == 0) return refuse(Problem(Fault::unauthorized));
  const auto& handler = match.route->handler;
  if (const auto* read = std::get_if<ReadHandler>(&handler)) return run_read(call, *read, reply);
  if (!request.idempotency_key.empty()) {
    if (!parse_hex(request.idempotency_key, call.client_id)) {
      return refuse(Problem(Fault::bad_idempotency_key, "Idempotency-Key",
                            std::string(request.idempotency_key.substr(0, 64)), "32 hex digits"));
    }
  } else {
    call.client_id = make_client_id();
  }
  if (const auto* command = std::get_if<CommandHandler>(&handler)) {
    return run_command(call, *command, reply);
  }
  std::get<OtherHandler>(handler)(call, reply);
}

void Gateway::run_read(Call& call, ReadHandler handler, const HttpReply& reply) {
  auto response = handler(call);
  const auto wrong = call.query.finish();
  if (wrong) return reply(problem_response(*wrong, call.language));
  if (!response) return reply(problem_response(response.error(), call.language));
  reply(std::move(*response));
}

void Gateway::run_command(Call& call, CommandHandler handler, const HttpReply& reply) {
  const auto refuse = [&](const Problem& problem) {
    reply(problem_response(problem, call.language));
  };
  const std::string_view type = call.request.content_type;
  if (!type.empty() && !type.starts_with("application/json")) {
    return refuse(Problem(Fault::unsupported_media_type, "Content-Type", std::string(type),
                          "application/json"));
  }
  unsigned char memory[8 * 1024];
  boost::json::monotonic_resource arena(memory);
  const std::string_view body = call.request.body.empty() ? "{}" : call.request.body;
  const auto value = read_json(body, &arena);
  if (!value) return refuse(value.error());
  if (!value->is_object()) {
    return refuse(Problem(Fault::wrong_type, "", std::string(body.substr(0, 100)), "an object"));
  }
  Fields fields(value->get_object());
  auto submission = handler(call, fields);
  if (const auto problem = fields.finish()) return refuse(*problem);
  if (const auto problem = call.query.finish()) return refuse(*problem);
  if (!submission) return refuse(submission.error());
  if (const std::string_view named = call.request.mandate; !named.empty()) {
    model::MandateId mandate = 0;
    const auto [end, error] = std::from_chars(named.data(), named.data() + named.size(), mandate);
    if (error != std::errc{} || end != named.data() + named.size() || mandate == 0) {
      return refuse(Problem(Fault::invalid_value, "X-Hulan-Mandate",
                            std::string(named.substr(0, 64)), "the number of a mandate"));
    }
    act_under(*submission, mandate);
  }
  submit(call, std::move(*submission), reply);
}

void Gateway::submit(const Call& call, Submission submission, const HttpReply& reply) {
  std::uint32_t index = 0;
  if (!free_waiting_.empty()) {
    index = free_waiting_.back();
    free_waiting_.pop_back();
  } else {
    index = static_cast<std::uint32_t>(waiting_.size());
    waiting_.emplace_back();
  }
  Waiting& waiting = waiting_[index];
  const std::uint64_t origin = (std::uint64_t{waiting.generation} << 32) | (index + 1);
  if (const auto fault = submit(call.caller, submission.type, submission.version, call.client_id,
                                submission.body, origin)) {
    free_waiting_.push_back(index);
    return reply(problem_response(Problem(*fault), call.language));
  }
  waiting.used = true;
  waiting.reply = reply;
  waiting.done = std::move(submission.done);
  waiting.language = call.language;
  ++counts_.waiting;
  commit();
}

void Gateway::answer_request(const model::Replied& reply) {
  const auto index = static_cast<std::uint32_t>(reply.origin) - 1;
  if (index >= waiting_.size() || !waiting_[index].used ||
      waiting_[index].generation != static_cast<std::uint32_t>(reply.origin >> 32)) {
    return;
  }
  Waiting waiting = std::move(waiting_[index]);
  waiting_[index] = Waiting{};
  waiting_[index].generation = (waiting.generation + 1) & 0x7FFFFFFF;
  free_waiting_.push_back(index);
  --counts_.waiting;
  if (reply.reject != model::Reject::ok) {
    if (waiting.done) waiting.done(reply, nullptr);
    return waiting.reply(
        problem_response(problem_of(reply.reject, reply.command, reply.detail), waiting.language));
  }
  HttpResponse response;
  JsonWriter json(response.body);
  json.begin_object();
  json.field("sequence", reply.first_sequence);
  json.time_field("time", reply.header.time.value);
  json.field("id", reply.id);
  json.money_field("frozen", reply.frozen);
  json.field("repeated", reply.repeated != 0);
  json.field("client_id", to_hex(reply.client_id));
  if (reply.repeated == 0) {  // else they would be of the repetition, not of what was decided
    json.field("salt", to_hex(reply.salt));
    json.field("leaf", to_hex(reply.leaf));
  }
  if (waiting.done) waiting.done(reply, &json);
  json.end_object();
  waiting.reply(std::move(response));
}

// --- streams -------------------------------------------------------------------------------------

Session* Gateway::open_session(std::function<void()> wake) {
  std::uint32_t index = 0;
  if (!free_sessions_.empty()) {
    index = free_sessions_.back();
    free_sessions_.pop_back();
  } else if (sessions_.size() < kMostSessions) {
    index = static_cast<std::uint32_t>(sessions_.size());
    sessions_.emplace_back();
  } else {
    return nullptr;
  }
  Slot& slot = sessions_[index];
  slot.generation = (slot.generation + 1) & 0x7FFF;
  const std::uint64_t base =
      kStreamOrigin | std::uint64_t{slot.generation} << 48 | std::uint64_t{index} << 32;
  slot.session = std::make_unique<Session>(*this, base, limits_, std::move(wake));
  ++counts_.streams;
  return slot.session.get();
}

void Gateway::close_session(Session* session) {
  if (session->cancels_for()) {
    left_.push_back({*session->cancels_for(), services_.market_now()});
    if (cancel_orders(left_.back())) left_.pop_back();
  }
  channels_.leave(*session);
  std::erase(dirty_, session);
  for (std::uint32_t at = 0; at < sessions_.size(); ++at) {
    if (sessions_[at].session.get() != session) continue;
    sessions_[at].session.reset();
    free_sessions_.push_back(at);
    --counts_.streams;
    return;
  }
}

bool Gateway::cancel_orders(const Left& left) {
  bool none = true;
  for (const auto* order : services_.view.order_books().orders_of(left.caller.participant)) {
    if (order->user != left.caller.user || order->entered > left.at) continue;
    none = false;
    const model::CancelOrder body{order->id};
    // Not taken now, or told nothing of yet: the next second asks again.
    static_cast<void>(submit(left.caller, body.kType, 1, make_client_id(),
                             {reinterpret_cast<const std::uint8_t*>(&body), sizeof body}, 0));
  }
  if (!none) commit();
  return none;
}

void Gateway::flush() {
  // A session that is woken may write more.
  for (std::size_t at = 0; at < dirty_.size(); ++at) dirty_[at]->wake();
  dirty_.clear();
}

void Gateway::deliver(std::span<const std::uint8_t> events) {
  services_.view.apply(events);
  channels_.end_of_command();
  flush();
}

void Gateway::tick() {
  if (services_.each_second) services_.each_second();
  if (!ready()) return;
  channels_.tick(services_.market_now());
  std::erase_if(left_, [&](const Left& left) { return cancel_orders(left); });
  flush();
}

void Gateway::on_event(const model::EventHeader& event, std::uint32_t index_in_command) {
  if (event.type == model::EventType::kReplied) {
    channels_.end_of_command();
    return on_replied(projections::as<model::Replied>(event));
  }
  channels_.on_event(event, index_in_command);
}

void Gateway::on_replied(const model::Replied& reply) {
  if (reply.origin == 0) return;
  if (reply.reject == model::Reject::ok) {
    ++counts_.accepted;
  } else {
    ++counts_.refused[static_cast<std::size_t>(reply.reject)];
  }
  if ((reply.origin & kStreamOrigin) == 0) return answer_request(reply);
  if (Session* session = session_of(reply.origin)) {
    session->answer(reply, static_cast<std::uint32_t>(reply.origin));
  }
}

Session* Gateway::session_of(std::uint64_t origin) const {
  const auto slot = static_cast<std::size_t>(origin >> 32 & 0xFFFF);
  const auto generation = static_cast<std::uint32_t>(origin >> 48 & 0x7FFF);
  if (slot >= sessions_.size() || sessions_[slot].generation != generation) return nullptr;
  return sessions_[slot].session.get();
}

// --- for the parts of the doors ------------------------------------------------------------------

std::expected<Caller, Problem> Gateway::authenticate(std::string_view token) {
  const auto user = services_.identity.authenticate(token, services_.clock.now_ns());
  if (!user) return std::unexpected(problem_of(user.error()));
  Caller caller{(*user)->id, (*user)->participant, (*user)->roles};
  if (const model::UserRow* row = reader_.view.user(caller.user)) {
    caller.participant = row->participant;
    caller.roles = row->roles;
  }
  return caller;
}

bool Gateway::takes_new_work() const {
  return !services_.storage_room || services_.storage_room() == StorageRoom::kPlenty;
}

std::optional<Fault> Gateway::submit(const Caller& caller, model::CommandType type,
                                     std::uint8_t version, const model::ClientId& client_id,
                                     std::span<const std::uint8_t> body, std::uint64_t origin) {
  model::RecordHeader header{};
  header.type = type;
  header.version = version;
  header.body_length = static_cast<std::uint16_t>(body.size());
  header.participant = caller.participant;
  header.user = caller.user;
  header.client_id = client_id;
  if (!takes_new_work() && (is_new_work(type) || services_.storage_room() == StorageRoom::kFull)) {
    ++counts_.no_room;
    return Fault::storage_nearly_full;
  }
  if (!ready() || !services_.commands.submit(header, body, origin)) {
    ++counts_.busy;
    return Fault::busy;
  }
  ++counts_.commands;
  return std::nullopt;
}

model::ClientId Gateway::make_client_id() {
  model::ClientId id;
  const auto milliseconds =
      static_cast<std::uint64_t>(std::max<std::int64_t>(services_.market_now(), 0)) / 1'000'000;
  for (int at = 0; at < 6; ++at) {
    id[static_cast<std::size_t>(at)] = static_cast<std::uint8_t>(milliseconds >> (40 - 8 * at));
  }
  const std::uint64_t chance[2] = {next_chance(chance_), next_chance(chance_)};
  std::memcpy(id.data() + 6, chance, 10);
  return id;
}

void Gateway::run_aside(std::function<bool()> work, std::function<void(bool)> after) {
  if (run_aside_) return run_aside_(std::move(work), std::move(after));
  after(work());
}

std::string_view Gateway::time_of(std::int64_t ns) {
  if (ns != time_ns_) {
    time_ns_ = ns;
    time_text_ = time_text(ns);
  }
  return time_text_;
}

identity::Result<std::optional<model::DocumentHash>> Gateway::remembered(const Call& call) {
  return services_.identity.made(remember_key(call));
}

identity::Result<void> Gateway::remember(const Call& call, const model::DocumentHash& made) {
  const std::int64_t now = services_.market_now();
  return services_.identity.note_made(remember_key(call), made, now, now - kRememberedNs);
}

}  // namespace hulan::gateways
