// SPDX-License-Identifier: Apache-2.0
// The groups of the command line. Each callback leaves its exit status in `status`: 0 done,
// 1 refused by the market or damage found, 2 bad input (one line on the error stream).
#pragma once

namespace CLI {
class App;
}

namespace hulan::app {

/// verify, replay, log, settle: what works on files alone.
void add_offline_commands(CLI::App& app, int& status);

/// prove, verify-receipt, verify-checkpoints: proofs without a server (R13.2).
void add_proof_commands(CLI::App& app, int& status);

/// seal-key: a key for sealed bids in two shares (R5.3.4).
void add_seal_key_command(CLI::App& app, int& status);

/// index: R11.2 from any table.
void add_index_command(CLI::App& app, int& status);

/// scenario: commands and expectations on the engine in memory.
void add_scenario_command(CLI::App& app, int& status);

/// backup, restore.
void add_copy_commands(CLI::App& app, int& status);

/// Everything that asks a running server (--url, --token).
void add_client_commands(CLI::App& app, int& status);

}  // namespace hulan::app
