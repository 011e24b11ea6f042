#pragma once

#include <array>
#include <cstdint>
#include <deque>

#include "engine/vulkan/recording.hpp"

namespace tutti::vulkan {

/// Pieces of work that come up again and again: each is written down when it first comes up, and submitted as
/// it is from then on. Takes its command buffers when made.
class Routine {
  public:
    /// What tells two pieces apart.
    using Key = std::array<std::uint64_t, 3>;

    /// Knows `most` pieces; of more, those are forgotten that were written down first.
    Routine(Device& device, Lane& lane, std::size_t most) : device_(device) {
        for (std::size_t i = 0; i < most; ++i) pieces_.emplace_back(lane);
    }

    /// The piece called `key`, ready to be submitted. `write(Recording&)` writes it down.
    template <typename Write>
    Commands& prepare(const Key& key, const Write& write) {
        for (Piece& piece : pieces_) {
            if (!piece.is_written || piece.key != key) continue;
            piece.commands.settle();
            if (piece.commands.marks().is_timed() == device_.times_stages(piece.commands.lane())) {
                return piece.commands;
            }
            return write_down(piece, write);
        }
        Piece& oldest = pieces_[next_];
        next_ = (next_ + 1) % pieces_.size();
        oldest.commands.settle();
        oldest.key = key;
        return write_down(oldest, write);
    }

    /// The same, submitted to be done when the points of other lanes are reached.
    template <typename Write>
    Point submit(const Key& key, std::span<const Point> after, const Write& write) {
        Commands* const work = &prepare(key, write);
        return work->lane().submit({&work, 1}, after);
    }

  private:
    struct Piece {
        explicit Piece(Lane& lane) : commands(lane) {}
        Key key{};
        bool is_written = false;
        Commands commands;
    };

    template <typename Write>
    Commands& write_down(Piece& piece, const Write& write) {
        piece.is_written = false;
        Recording recording(device_, piece.commands, true);
        write(recording);
        recording.end();
        piece.is_written = true;
        return piece.commands;
    }

    Device& device_;
    std::deque<Piece> pieces_;
    std::size_t next_ = 0;
};

/// Two small numbers as one part of a Routine's key.
inline std::uint64_t key_of(std::uint32_t one, std::uint32_t other) {
    return std::uint64_t{one} << 32U | other;
}

/// A descriptor set or another handle as part of a Routine's key.
template <typename Handle>
std::uint64_t key_of(Handle handle) {
    return reinterpret_cast<std::uint64_t>(handle);
}

}  // namespace tutti::vulkan
