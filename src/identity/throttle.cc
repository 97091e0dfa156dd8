// SPDX-License-Identifier: Apache-2.0
#include "identity/throttle.h"

#include <algorithm>

namespace hulan::identity {

std::int64_t Throttle::attempt(const std::string& login, std::int64_t now_ns) {
  auto found = entries_.find(login);
  if (found == entries_.end()) {
    if (entries_.size() >= limits_.logins) make_room(now_ns);
    found = entries_.emplace(login, Entry{}).first;
  }
  Entry& entry = found->second;
  if (now_ns - entry.last_ns >= limits_.forget_ns) entry.failures = 0;
  if (entry.failures >= limits_.failures) {
    const std::int64_t wait_ns = entry.last_ns + limits_.delay_ns - now_ns;
    if (wait_ns > 0) return wait_ns;
  }
  ++entry.failures;
  entry.last_ns = now_ns;
  return 0;
}

void Throttle::succeeded(const std::string& login) { entries_.erase(login); }

void Throttle::make_room(std::int64_t now_ns) {
  std::erase_if(entries_, [&](const auto& pair) {
    return now_ns - pair.second.last_ns >= limits_.forget_ns;
  });
  if (entries_.size() < limits_.logins) return;
  // All fresh: someone is inventing logins. Those with the fewest failures are theirs.
  entries_.erase(std::ranges::min_element(entries_, {}, [](const auto& pair) {
    return std::pair(pair.second.failures, pair.second.last_ns);
  }));
}

}  // namespace hulan::identity
