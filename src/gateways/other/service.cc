// SPDX-License-Identifier: Apache-2.0
// For those who watch over the process, and for who wants to know what a problem means.
#include "gateways/gateway.h"
#include "gateways/handlers.h"
#include "gateways/openapi.h"

namespace hulan::gateways {
namespace {

HttpResponse text_response(std::string text) {
  HttpResponse response;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(text);
  return response;
}

void add_titles(JsonWriter& json, std::string_view english, std::string_view chinese,
                std::string_view russian) {
  json.begin_object("title");
  json.field("zh", chinese);
  json.field("en", english);
  json.field("ru", russian);
  json.end_object();
}

}  // namespace

ReadResult get_health(Call&) { return text_response("ok\n"); }

ReadResult get_ready(Call& call) {
  if (!call.gateway.ready()) return refused(Problem(Fault::not_ready));
  return text_response("ready\n");
}

ReadResult get_metrics(Call& call) {
  if (!call.services.metrics) return refused(Problem(Fault::not_found));
  if (call.services.before_scrape) call.services.before_scrape();
  HttpResponse response =
      text_response(metrics_text(*call.services.metrics, call.gateway.counts()));
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  return response;
}

ReadResult get_openapi(Call&) {
  HttpResponse response;
  response.body = openapi_document();
  return response;
}

ReadResult get_problem(Call& call) {
  for (std::uint16_t at = 0; at < static_cast<std::uint16_t>(model::Reject::count_); ++at) {
    const auto reject = static_cast<model::Reject>(at);
    const model::RejectText& text = model::reject_text(reject);
    if (at == 0 || text.code != call.word) continue;
    return json_response(call, [&](JsonWriter& json) {
      json.field("code", text.code);
      json.field("status", status_of(reject));
      json.field("rule", text.rule);
      add_titles(json, text.english, text.chinese, text.russian);
    });
  }
  const auto fault = find_fault(call.word);
  if (!fault) return refused(Problem(Fault::not_found));
  const Problem problem(*fault);
  return json_response(call, [&](JsonWriter& json) {
    json.field("code", problem.code);
    json.field("status", problem.status);
    json.field("rule", problem.rule);
    add_titles(json, problem.titles[1], problem.titles[0], problem.titles[2]);
  });
}

}  // namespace hulan::gateways
