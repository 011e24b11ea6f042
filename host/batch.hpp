#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "host/batch_log.hpp"

namespace tutti {

struct BatchOptions {
    std::vector<std::string> sessions;          ///< files, or patterns as a shell takes them: "*.toml"
    std::filesystem::path folder;               ///< for the mixes; empty: each beside its session
    std::filesystem::path log;                  ///< JSON Lines; empty: batch.jsonl in `folder` or here
    std::string extension = ".wav";             ///< of the mixes
    bool with_stems = false;                    ///< into a folder "NAME stems" beside each mix
    std::vector<std::string> render_arguments;  ///< for every `tutti render`: {"--bits", "16"}
    int jobs = 1;                               ///< sessions at a time
    int threads = 0;                            ///< for all of them together; 0: one per core
    std::uint64_t memory_bytes = 0;             ///< for all of them together; 0: half of the machine's
    bool resume = false;                        ///< leave out what the log says is complete
};

/// A session of a batch and where its mix goes.
struct BatchItem {
    std::filesystem::path session;
    std::filesystem::path output;
};

/// The sessions that the words name, in their order, patterns in alphabetical order, each once. Throws
/// InputError when a word matches nothing, or when two mixes would get the same name.
std::vector<BatchItem> find_sessions(const BatchOptions& options);

/// Renders the sessions, each in a process of its own, so that whatever ends one of them ends no other; calls
/// `begin` and `end` one at a time, in the order of events. Every end is in the log before `end` is called.
/// Throws only for what concerns the whole batch.
std::vector<BatchEntry> render_batch(const BatchOptions& options, const std::vector<BatchItem>& items,
                                     const std::function<void(const BatchItem&)>& begin,
                                     const std::function<void(const BatchItem&, const BatchEntry&)>& end);

}  // namespace tutti
