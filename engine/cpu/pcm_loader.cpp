#include <vector>

#include "engine/cpu/operations.hpp"
#include "engine/cpu/rows.hpp"
#include "engine/errors.hpp"
#include "engine/threads.hpp"

namespace tutti::cpu {

namespace {

/// For plans that were made for a device that wants PCM.
class CpuPcmLoader final : public PcmLoader {
  public:
    CpuPcmLoader(const RowsShape& shape, std::span<const PcmSource> sources)
        : shape_(shape), sources_(sources.begin(), sources.end()) {
        for (const PcmSource& source : sources_) {
            TUTTI_CHECK(source.first_row >= 0 && source.channel_count > 0);
            TUTTI_CHECK(source.first_row + source.channel_count <= shape.row_count);
        }
    }

    void process(std::span<const float> chunk, Rows& rows) override {
        CpuRows& target = cpu_rows(rows);
        const std::size_t frames = shape_.frame_count;
        parallel_for(static_cast<int>(sources_.size()), [&](int i) {
            const PcmSource& source = sources_[i];
            const auto bytes =
                std::as_bytes(chunk.subspan(source.first_row * frames, source.channel_count * frames));
            for (int c = 0; c < source.channel_count; ++c) {
                read_pcm_channel(source.format, bytes, source.channel_count, c,
                                 {target.frames(source.first_row + c), frames});
            }
        });
    }

  private:
    RowsShape shape_;
    std::vector<PcmSource> sources_;
};

}  // namespace

std::unique_ptr<PcmLoader> make_pcm_loader(const RowsShape& shape, std::span<const PcmSource> sources) {
    return std::make_unique<CpuPcmLoader>(shape, sources);
}

}  // namespace tutti::cpu
