#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "host/audition.hpp"
#include "host/mix_change.hpp"
#include "viewer/report.hpp"
#include "viewer/sound/tape.hpp"

namespace tutti::viewer {

/// Renders what is to be heard onto a tape, on a thread of its own; the session stays open in between.
class Recorder {
  public:
    Recorder();
    /// Ends what is under way; waits for that, a second at most.
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    struct Order {
        std::filesystem::path session;
        std::vector<std::vector<std::string>> parts;  ///< strips, of every sound behind the mix's
        std::shared_ptr<const Report> report;         ///< whose tracks the changes are of
        std::vector<MixChange> changes;               ///< to be heard
        double from_s = 0.0;
        double to_s = 0.0;

        /// But for the stretch.
        bool is_same_sound(const Order& other) const {
            return session == other.session && parts == other.parts && report == other.report &&
                   changes == other.changes;
        }
    };

    /// Begins at once, or as soon as what is under way has stopped.
    void record(Order order);
    void stop();

    struct Status {
        std::shared_ptr<const Tape> tape;  ///< of the order last given; null: not yet, or it cannot be
        bool is_recording = false;
        std::string problem;  ///< why not, a line for each; empty: nothing is wrong
    };
    Status status() const;

    /// Until nothing is under way.
    void wait() const;

  private:
    struct Superseded {};
    void work();
    void carry_out(const Order& order, std::uint64_t number);
    void open(const std::filesystem::path& session);
    void tell(std::uint64_t number, const std::string& problem);

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::optional<Order> next_;
    std::uint64_t number_ = 0;  ///< of the order last given or taken back
    bool is_recording_ = false;
    bool is_ending_ = false;
    std::shared_ptr<Tape> tape_;
    std::string problem_;

    // Of the thread alone.
    std::unique_ptr<BlobStore> cache_;
    std::optional<Audition> audition_;
    std::filesystem::path opened_;
    std::filesystem::file_time_type opened_time_;
    std::thread thread_;  ///< last: it uses all of the above
};

}  // namespace tutti::viewer
