#include "viewer/what_if_worker.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <new>
#include <utility>

#include "engine/backend.hpp"
#include "host/changed_mix.hpp"

namespace tutti::viewer {

/// All that is kept for one view of one report.
class WhatIfWorker::Listener {
  public:
    Listener(Backend& backend, const Wanted& wanted)
        : report(wanted.report),
          session(wanted.session),
          subject(wanted.subject),
          view(subject == Subject::tracks ? report->tracks() : report->groups()),
          after(std::make_shared<AfterView>(report, view)),
          mix(report->results(), session.get()),
          target(backend, excitation(), section_hops()),
          pairs(backend, excitation()) {}

    bool fits(const Wanted& wanted) const {
        return report == wanted.report && session == wanted.session && subject == wanted.subject;
    }

    TargetPart hear_target(int number, const LevelChanges& changes) {
        TargetPart part;
        if (number >= 0 && view.shape.hops > 0)
            part = target_part(view, number, target.before(number), target.hear(number, changes));
        part.changes = changes;
        return part;
    }

    PairPart heard_pairs() const {
        return pair_part(view, pairs.before(), pairs.after(), pairs.heard_share());
    }

    const std::shared_ptr<const Report> report;
    const std::shared_ptr<const Session> session;
    const Subject subject;
    const ReportView& view;
    std::shared_ptr<AfterView> after;  ///< null once it has been handed over
    ChangedMix mix;
    TargetWhatIf target;
    PairWhatIf pairs;

  private:
    CachedExcitation excitation() const {
        return subject == Subject::tracks ? cached_excitation(report->results())
                                          : cached_group_excitation(report->results());
    }
    int section_hops() const {
        return std::max(1,
                        static_cast<int>(std::lround(report->results().section_s / report->results().hop_s)));
    }
};

WhatIfWorker::WhatIfWorker() : thread_([this] { run(); }) {}

WhatIfWorker::~WhatIfWorker() {
    {
        const std::lock_guard lock(mutex_);
        is_over_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void WhatIfWorker::want(const Wanted& wanted) {
    const std::lock_guard lock(mutex_);
    if (wanted == wanted_) return;
    wanted_ = wanted;
    ++wanted_number_;
    changed_.notify_all();
}

std::optional<WhatIfWorker::Heard> WhatIfWorker::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(heard_, std::nullopt);
}

bool WhatIfWorker::is_busy() const {
    const std::lock_guard lock(mutex_);
    return heard_number_ != wanted_number_ || heard_;
}

void WhatIfWorker::wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return heard_number_ == wanted_number_; });
}

template <typename Fill>
void WhatIfWorker::publish(const Fill& fill) {
    const std::lock_guard lock(mutex_);
    if (!heard_) heard_.emplace();
    fill(*heard_);
}

void WhatIfWorker::run() {
    const std::unique_ptr<Backend> backend = make_cpu_backend();
    std::unique_ptr<Listener> listener;
    int number = 0;
    bool is_heard = true;
    bool is_prepared = true;
    const auto begin = [&](const Wanted& wanted) {
        if (listener && !listener->fits(wanted)) listener.reset();
        is_prepared = true;
        if (!wanted.report) return true;
        if (!listener) listener = std::make_unique<Listener>(*backend, wanted);
        is_prepared = false;
        const LevelChanges changes = listener->mix.levels(wanted.attempt.changes, wanted.attempt.playback_db);
        TargetPart target = listener->hear_target(wanted.target, changes);
        publish([&](Heard& heard) {
            if (listener->after) heard = {std::move(listener->after), {}, {}, {}};
            heard.target = std::move(target);
        });
        listener->pairs.change(changes);
        // At least the first, so that something is seen while somebody drags.
        const bool has_more = listener->pairs.hear_phase();
        PairPart pairs = listener->heard_pairs();
        publish([&](Heard& heard) { heard.pairs = std::move(pairs); });
        return !has_more;
    };
    const auto go_on = [&] {
        if (!is_heard) {
            is_heard = !listener->pairs.hear_phase();
            if (is_heard) return;
            PairPart pairs = listener->heard_pairs();
            publish([&](Heard& heard) { heard.pairs = std::move(pairs); });
        } else {
            is_prepared = !listener->pairs.prepare_phase();
        }
    };
    while (true) {
        Wanted wanted;
        bool is_new = false;
        {
            std::unique_lock lock(mutex_);
            if (is_heard && heard_number_ != number) {
                heard_number_ = number;
                changed_.notify_all();
            }
            changed_.wait(lock,
                          [&] { return is_over_ || wanted_number_ != number || !is_heard || !is_prepared; });
            if (is_over_) return;
            is_new = wanted_number_ != number;
            number = wanted_number_;
            if (is_new) wanted = wanted_;
        }
        try {
            if (is_new) {
                is_heard = begin(wanted);
            } else {
                go_on();
            }
        } catch (const std::bad_alloc&) {
            listener.reset();
            publish([](Heard& heard) { heard.problem = "There is not enough memory to try changes."; });
            is_heard = is_prepared = true;
        } catch (const std::exception& error) {
            listener.reset();
            publish([&](Heard& heard) { heard.problem = error.what(); });
            is_heard = is_prepared = true;
        }
    }
}

}  // namespace tutti::viewer
