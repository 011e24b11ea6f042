#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "viewer/heard_attempt.hpp"
#include "viewer/state.hpp"

namespace tutti::viewer {

/// Hears what an attempt would do, on a thread of its own: the selected target first, then everybody's
/// clashes from a part of the time, and then from more and more of it. While nobody wants anything, it hears
/// the mix as it is, which attempts are held against.
class WhatIfWorker {
  public:
    WhatIfWorker();
    ~WhatIfWorker();
    WhatIfWorker(const WhatIfWorker&) = delete;
    WhatIfWorker& operator=(const WhatIfWorker&) = delete;

    struct Wanted {
        std::shared_ptr<const Report> report;  ///< null: nothing, and what is kept of another is let go
        std::shared_ptr<const Session> session;
        Subject subject = Subject::tracks;
        int target = -1;
        Attempt attempt;
        bool operator==(const Wanted&) const = default;
    };

    /// Another one takes the place of what is being heard as soon as something of it has been.
    void want(const Wanted& wanted);

    /// What has been heard since it was last asked.
    struct Heard {
        std::shared_ptr<AfterView> view;  ///< nobody else's from now on; the same one as long as it fits
        std::optional<TargetPart> target;
        std::optional<PairPart> pairs;
        std::string problem;
    };
    std::optional<Heard> take();

    bool is_busy() const;  ///< with what is wanted; true until take() as well
    void wait();           ///< until all of it has been heard

  private:
    class Listener;
    void run();
    template <typename Fill>
    void publish(const Fill& fill);

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    Wanted wanted_;
    int wanted_number_ = 0;
    int heard_number_ = 0;
    bool is_over_ = false;
    std::optional<Heard> heard_;
    std::thread thread_;  ///< the last: it begins when all else is there
};

}  // namespace tutti::viewer
