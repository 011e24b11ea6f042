#include "engine/vulkan/pcm_loader.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "engine/errors.hpp"
#include "engine/threads.hpp"
#include "engine/vulkan/routine.hpp"
#include "engine/vulkan/rows.hpp"
#include "shaders/pcm_loader.spv.hpp"

namespace tutti::vulkan {

namespace {

/// Where the bytes of a source's chunk are in the memory of its tile, and which.
struct Place {
    std::uint64_t begin = 0;
    std::uint64_t bytes = 0;
};

/// Sources whose bytes share a buffer.
struct SourceTile {
    std::size_t first = 0;
    std::size_t count = 0;
    std::uint64_t bytes = 0;
};

std::uint64_t whole_words(std::uint64_t bytes) { return (bytes + 3) / 4 * 4; }

/// Sources one behind the other, each on the border of a word, over buffers that the device can bind.
struct SourcePlaces {
    std::vector<Place> places;  ///< [source]
    std::vector<SourceTile> tiles;

    SourcePlaces(const RowsShape& shape, std::span<const PcmSource> sources, std::uint64_t tile_bytes) {
        for (const PcmSource& source : sources) {
            TUTTI_CHECK(source.first_row >= 0 && source.channel_count > 0);
            TUTTI_CHECK(source.first_row + source.channel_count <= shape.row_count);
            const std::uint64_t bytes = std::uint64_t{1} * source.format.bytes() * source.channel_count *
                                        static_cast<std::uint64_t>(shape.frame_count);
            if (tiles.empty() || tiles.back().bytes + whole_words(bytes) > tile_bytes) {
                tiles.push_back({places.size(), 0, 0});
            }
            places.push_back({tiles.back().bytes, bytes});
            tiles.back().bytes += whole_words(bytes);
            ++tiles.back().count;
        }
    }

    /// Pieces of at most that many bytes in which tiles are copied.
    std::size_t piece_count(std::uint64_t piece_bytes) const {
        std::size_t count = 0;
        for (const SourceTile& tile : tiles) count += (tile.bytes + piece_bytes - 1) / piece_bytes;
        return count;
    }

    std::vector<shaders::PcmLoaderSource> records(std::span<const PcmSource> sources) const {
        std::vector<shaders::PcmLoaderSource> made;
        for (std::size_t i = 0; i < sources.size(); ++i) {
            made.push_back({static_cast<std::uint32_t>(sources[i].first_row),
                            static_cast<std::uint32_t>(sources[i].channel_count),
                            static_cast<std::uint32_t>(sources[i].format.bytes()),
                            sources[i].format.sample == PcmSample::float32 ? 1U : 0U,
                            sources[i].format.is_big_endian ? 1U : 0U,
                            static_cast<std::uint32_t>(places[i].begin / 4)});
        }
        return made;
    }
};

class VulkanPcmLoader final : public PcmLoader {
  public:
    VulkanPcmLoader(Device& device, const RowsShape& shape, std::span<const PcmSource> sources)
        : device_(device),
          shape_(shape),
          sources_(sources.begin(), sources.end()),
          placed_(shape, sources, device.tile_bytes()),
          table_(make_table(device, placed_.records(sources))),
          pipeline_(device, {shaders::pcm_loader, {1, 1}, sizeof(shaders::PcmLoaderPush)}),
          copying_(device, device.transfer(), 2 * rows_in_turn * placed_.piece_count(upload_bytes(shape))),
          converting_(device, device.compute(), rows_in_turn) {
        for (const SourceTile& tile : placed_.tiles) {
            bytes_.emplace_back(device, tile.bytes, Memory::device);
            device.require(
                {groups_for(frame_count(), frames_per_group), static_cast<std::uint32_t>(tile.count)});
        }
        for (const Buffer& bytes : bytes_) {
            buffers_.emplace_back(
                device, pipeline_.set_layout(),
                std::initializer_list<std::span<const VkBuffer>>{table_.handle_span(), bytes.handle_span()});
        }
    }

    ~VulkanPcmLoader() override { device_.finish(); }

    void process(std::span<const float> chunk, Rows& rows) override {
        const VulkanRows& target = vulkan_rows(rows, device_, shape_);
        if (sources_.empty()) return;
        for (const PcmSource& source : sources_) {
            TUTTI_CHECK(chunk.size() >=
                        std::size_t{frame_count()} * (source.first_row + source.channel_count));
        }
        const std::uint64_t piece_bytes = target.upload().half(0).bytes();
        std::uint64_t piece_number = 0;
        Point copied;
        for (std::size_t t = 0; t < placed_.tiles.size(); ++t) {
            const SourceTile& tile = placed_.tiles[t];
            for (std::uint64_t begin = 0; begin < tile.bytes; begin += piece_bytes) {
                const std::uint64_t end = std::min(begin + piece_bytes, tile.bytes);
                copied = copy_piece(target, chunk, t, begin, end, piece_number++);
            }
        }
        listen(target.silence(), chunk);
        converted_ = converting_.submit({key_of(target.set())}, {&copied, 1},
                                        [&](Recording& recording) { write_down(recording, target); });
        target.used(converted_);
    }

  private:
    static constexpr std::uint32_t frames_per_group =
        shaders::workgroup_size * shaders::frames_per_invocation;

    std::uint32_t frame_count() const { return static_cast<std::uint32_t>(shape_.frame_count); }

    /// A source's frames, where they stand in front of the room of its rows.
    std::span<const std::byte> bytes_of(std::span<const float> chunk, std::size_t source) const {
        const std::size_t frames = frame_count();
        const std::span<const float> room =
            chunk.subspan(sources_[source].first_row * frames, sources_[source].channel_count * frames);
        return std::as_bytes(room).first(placed_.places[source].bytes);
    }

    /// Bytes begin ... end - 1 of a tile, by way of half the rows' staging memory.
    Point copy_piece(const VulkanRows& target, std::span<const float> chunk, std::size_t tile,
                     std::uint64_t begin, std::uint64_t end, std::uint64_t number) {
        UploadHalves& upload = target.upload();
        auto* const staged = static_cast<std::byte*>(upload.next().mapped());
        const SourceTile& sources = placed_.tiles[tile];
        parallel_for(static_cast<int>(sources.count), [&](int i) {
            const std::size_t source = sources.first + static_cast<std::size_t>(i);
            const Place& place = placed_.places[source];
            const std::uint64_t from = std::max(begin, place.begin);
            const std::uint64_t to = std::min(end, place.begin + place.bytes);
            if (from >= to) return;
            std::memcpy(staged + (from - begin), bytes_of(chunk, source).data() + (from - place.begin),
                        to - from);
        });
        const std::size_t half = upload.current();
        const Point copied = copying_.submit(
            {number, half, key_of(target.set())}, {&converted_, 1}, [&](Recording& recording) {
                recording.stage("pcm_write", end - begin);
                recording.copy(upload.half(half), bytes_[tile], {0, begin, end - begin});
            });
        upload.sent(copied);
        return copied;
    }

    /// Channel by channel, as Rows::write() does row by row.
    void listen(Silence& silence, std::span<const float> chunk) const {
        parallel_for(static_cast<int>(sources_.size()), [&](int i) {
            const PcmSource& source = sources_[i];
            for (int c = 0; c < source.channel_count; ++c) {
                silence.set(source.first_row + c,
                            is_pcm_silent(source.format, bytes_of(chunk, i), source.channel_count, c));
            }
        });
    }

    void write_down(Recording& recording, const VulkanRows& rows) const {
        std::uint64_t moved = 0;
        for (std::size_t i = 0; i < sources_.size(); ++i) {
            moved += placed_.places[i].bytes;
            moved += sizeof(float) * sources_[i].channel_count * frame_count();
        }
        recording.stage("pcm_loader", moved);
        for (std::size_t t = 0; t < placed_.tiles.size(); ++t) {
            const shaders::PcmLoaderPush push{rows.layout(),
                                              static_cast<std::uint32_t>(placed_.tiles[t].first)};
            recording.run(pipeline_, buffers_[t], rows.set(), push,
                          {groups_for(frame_count(), frames_per_group),
                           static_cast<std::uint32_t>(placed_.tiles[t].count)});
        }
    }

    Device& device_;
    RowsShape shape_;
    std::vector<PcmSource> sources_;
    SourcePlaces placed_;
    Buffer table_;
    std::vector<Buffer> bytes_;  ///< [tile]
    Pipeline pipeline_;
    std::vector<BufferSet> buffers_;  ///< [tile]
    Routine copying_;
    Routine converting_;
    Point converted_;  ///< when the bytes may be overwritten
};

}  // namespace

std::unique_ptr<PcmLoader> make_pcm_loader(Device& device, const RowsShape& shape,
                                           std::span<const PcmSource> sources) {
    return std::make_unique<VulkanPcmLoader>(device, shape, sources);
}

}  // namespace tutti::vulkan
