#include "tests/oracle/backend.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "engine/errors.hpp"
#include "tests/oracle/convolution.hpp"
#include "tests/oracle/excitation.hpp"
#include "tests/oracle/masking.hpp"
#include "tests/oracle/true_peak.hpp"

namespace tutti::oracle {

namespace {

using Series = std::vector<double>;

/// [row][history_count + frame_count]
class PlainRows : public DoubleRows {
  public:
    explicit PlainRows(const RowsShape& shape)
        : shape_(shape), rows_(shape.row_count, Series(shape.history_count + shape.frame_count, 0.0)) {
        TUTTI_CHECK(shape.frame_count % control_hop == 0 && shape.history_count % control_hop == 0);
        TUTTI_CHECK(shape.frame_count > 0 && shape.history_count >= control_hop && shape.row_count >= 0);
    }

    const RowsShape& shape() const override { return shape_; }

    void write(int first_row, std::span<const float> samples) override {
        write_double(first_row, Series(samples.begin(), samples.end()));
    }

    void read(int first_row, std::span<float> samples) const override {
        Series exact(samples.size());
        read_double(first_row, exact);
        std::transform(exact.begin(), exact.end(), samples.begin(),
                       [](double x) { return static_cast<float>(x); });
    }

    void write_double(int first_row, std::span<const double> samples) override {
        const std::size_t count = rows_in(samples.size());
        for (std::size_t i = 0; i < count; ++i) {
            const auto chunk = samples.subspan(i * shape_.frame_count, shape_.frame_count);
            std::copy(chunk.begin(), chunk.end(), rows_.at(first_row + i).begin() + shape_.history_count);
        }
    }

    void read_double(int first_row, std::span<double> samples) const override {
        const std::size_t count = rows_in(samples.size());
        for (std::size_t i = 0; i < count; ++i) {
            const std::span<const double> row = chunk(first_row + static_cast<int>(i));
            std::copy(row.begin(), row.end(), samples.begin() + i * shape_.frame_count);
        }
    }

    /// What is undefined after advance() is NaN here: a plan that reads a row before it wrote it cannot get
    /// away with it.
    void advance() override {
        for (Series& row : rows_) {
            row.erase(row.begin(), row.begin() + shape_.frame_count);
            row.resize(shape_.history_count + shape_.frame_count, std::numeric_limits<double>::quiet_NaN());
        }
    }

    /// The row's past becomes the end of what it is in `before`.
    void follow(const PlainRows& before, int row) {
        const Series& from = before.rows_.at(row);
        std::copy_n(from.end() - shape_.history_count, shape_.history_count, rows_.at(row).begin());
    }

    std::span<const double> chunk(int row) const { return std::span(rows_.at(row)).last(shape_.frame_count); }

    double at(int row, int frame) const override { return rows_.at(row).at(shape_.history_count + frame); }

  private:
    std::size_t rows_in(std::size_t sample_count) const {
        TUTTI_CHECK(sample_count % shape_.frame_count == 0);
        return sample_count / shape_.frame_count;
    }

    RowsShape shape_;
    std::vector<Series> rows_;
};

const PlainRows& plain(const Rows& rows) {
    const auto* own = dynamic_cast<const PlainRows*>(&rows);
    TUTTI_CHECK(own != nullptr);
    return *own;
}

/// Outputs are computed from rows as they are, and put in place at the end: inputs are read first.
void put(Rows& rows, const std::map<int, Series>& outputs) {
    for (const auto& [row, chunk] : outputs) in_double(rows).write_double(row, chunk);
}

void add(Series& sum, const Series& term) {
    std::transform(sum.begin(), sum.end(), term.begin(), sum.begin(),
                   [](double a, double b) { return a + b; });
}

/// Bytes as a file has them, put together one by one; integers divided by full scale.
class PlainPcmLoader : public PcmLoader {
  public:
    explicit PlainPcmLoader(std::span<const PcmSource> sources) : sources_(sources.begin(), sources.end()) {}

    void process(std::span<const float> chunk, Rows& rows) override {
        const std::size_t frames = rows.shape().frame_count;
        for (const PcmSource& source : sources_) {
            const auto bytes = std::as_bytes(chunk.subspan(source.first_row * frames));
            const auto size = static_cast<std::size_t>(source.format.bytes());
            for (int c = 0; c < source.channel_count; ++c) {
                Series samples;
                for (std::size_t i = 0; i < frames; ++i) {
                    samples.push_back(
                        value(source.format, bytes.subspan((i * source.channel_count + c) * size, size)));
                }
                in_double(rows).write_double(source.first_row + c, samples);
            }
        }
    }

  private:
    static double value(const PcmFormat& format, std::span<const std::byte> sample) {
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < sample.size(); ++i) {
            const std::size_t place = format.is_big_endian ? sample.size() - 1 - i : i;
            bits += std::to_integer<std::uint64_t>(sample[i]) << (8 * place);
        }
        if (format.sample == PcmSample::float32) {
            return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
        }
        const double whole = std::ldexp(1.0, static_cast<int>(8 * sample.size()));
        const auto step = static_cast<double>(bits);
        return (step < whole / 2.0 ? step : step - whole) / (whole / 2.0);
    }

    std::vector<PcmSource> sources_;
};

/// Keeps all that its input rows ever held.
class PlainConvolver : public Convolver {
  public:
    PlainConvolver(const RowsShape& shape, const ConvolverPlan& plan) : shape_(shape), paths_(plan.paths) {
        for (const auto& kernel : plan.kernels) {
            TUTTI_CHECK(!kernel.empty());
            kernels_.emplace_back(kernel.begin(), kernel.end());
        }
        for (const ConvolverPath& path : paths_) {
            TUTTI_CHECK(path.input_row >= 0 && path.input_row < shape.row_count);
            TUTTI_CHECK(path.output_row >= 0 && path.output_row < shape.row_count);
            whole_[path.input_row];
        }
    }

    void process(Rows& rows) override {
        for (auto& [row, whole] : whole_) {
            const auto chunk = plain(rows).chunk(row);
            whole.insert(whole.end(), chunk.begin(), chunk.end());
        }
        std::map<int, Series> outputs;
        for (const ConvolverPath& path : paths_) {
            Series& output = outputs.try_emplace(path.output_row, shape_.frame_count, 0.0).first->second;
            Series term =
                convolve_end(whole_.at(path.input_row), kernels_.at(path.kernel), shape_.frame_count);
            for (double& x : term) x *= path.gain;
            add(output, term);
        }
        put(rows, outputs);
    }

  private:
    RowsShape shape_;
    std::vector<Series> kernels_;
    std::vector<ConvolverPath> paths_;
    std::map<int, Series> whole_;  ///< [input row][frames since the start]
};

class PlainPast : public Past {
  public:
    explicit PlainPast(std::span<const int> row_numbers)
        : row_numbers_(row_numbers.begin(), row_numbers.end()) {}

    void process(const Rows& before, Rows& rows) override {
        auto& following = dynamic_cast<PlainRows&>(rows);
        for (const int row : row_numbers_) following.follow(plain(before), row);
    }

  private:
    std::vector<int> row_numbers_;
};

class PlainLevelMeter : public LevelMeter {
  public:
    PlainLevelMeter(const RowsShape& shape, std::span<const LevelTap> taps)
        : shape_(shape), taps_(taps.begin(), taps.end()) {}

    void start(const Rows& rows, std::span<float> levels) override {
        TUTTI_CHECK(levels.size() == taps_.size() * shape_.hop_count());
        auto level = levels.begin();
        for (const LevelTap& tap : taps_) {
            for (int hop = 0; hop < shape_.hop_count(); ++hop) {
                *level++ = static_cast<float>(measure(plain(rows), tap, hop * control_hop));
            }
        }
    }

  private:
    static double measure(const PlainRows& rows, const LevelTap& tap, int first_frame) {
        double peak = 0.0;
        double sum_of_squares = 0.0;
        for (int frame = first_frame; frame < first_frame + control_hop; ++frame) {
            const double x = rows.at(tap.row, frame);
            peak = std::max(peak, std::abs(x));
            sum_of_squares += x * x;
        }
        if (tap.kind == LevelKind::peak) return peak;
        if (tap.kind == LevelKind::mean_square) return sum_of_squares / control_hop;
        Series seen;
        for (int frame = first_frame - (true_peak_tap_count - 1); frame < first_frame + control_hop;
             ++frame) {
            seen.push_back(rows.at(tap.row, frame));
        }
        const Series dense = at_four_times_the_rate(seen);
        for (std::size_t i = 4 * (true_peak_tap_count - 1); i < dense.size(); ++i) {
            peak = std::max(peak, std::abs(dense[i]));
        }
        return peak;
    }

    RowsShape shape_;
    std::vector<LevelTap> taps_;
};

class PlainMixer : public Mixer {
  public:
    PlainMixer(const RowsShape& shape, MixerPlan plan) : shape_(shape), plan_(std::move(plan)) {
        for (const MixRoute& route : plan_.routes) {
            TUTTI_CHECK(route.delay_frames >= 0 && route.delay_frames <= shape.history_count);
            TUTTI_CHECK(route.curve >= -1 && route.curve < plan_.curve_count);
            check_order(route);
        }
    }

    void process(Rows& rows, std::span<const float> gains) override {
        const std::size_t gains_per_curve = shape_.hop_count() + 1;
        TUTTI_CHECK(gains.size() == gains_per_curve * plan_.curve_count);
        std::map<int, Series> outputs;
        for (const MixRoute& route : plan_.routes) {
            Series& output = outputs.try_emplace(route.output_row, shape_.frame_count, 0.0).first->second;
            for (int frame = 0; frame < shape_.frame_count; ++frame) {
                double gain = route.gain;
                if (route.curve >= 0) {
                    gain *= on_the_line(gains.subspan(route.curve * gains_per_curve, gains_per_curve), frame);
                }
                output[frame] += gain * plain(rows).at(route.input_row, frame - route.delay_frames);
            }
        }
        put(rows, outputs);
    }

  private:
    static double on_the_line(std::span<const float> curve, int frame) {
        const double a = curve[frame / control_hop];
        const double b = curve[frame / control_hop + 1];
        return a + (b - a) * (frame % control_hop) / control_hop;
    }

    /// What engine/backend.hpp asks of plans: a row that is written is read only by its one route to itself.
    void check_order(const MixRoute& route) const {
        const auto writes_its_input = [&](const MixRoute& other) {
            return other.output_row == route.input_row;
        };
        const auto writers = std::count_if(plan_.routes.begin(), plan_.routes.end(), writes_its_input);
        const auto readers =
            std::count_if(plan_.routes.begin(), plan_.routes.end(),
                          [&](const MixRoute& other) { return other.input_row == route.input_row; });
        const bool in_place =
            route.output_row == route.input_row && route.delay_frames == 0 && writers == 1 && readers == 1;
        TUTTI_CHECK(writers == 0 || in_place);
    }

    RowsShape shape_;
    MixerPlan plan_;
};

class Textbook : public Backend {
  public:
    Textbook() {
        info_.id = "oracle";
        info_.name = "the textbook, in double precision";
    }
    const DeviceInfo& info() const override { return info_; }
    std::unique_ptr<Rows> make_rows(const RowsShape& shape) override {
        return std::make_unique<PlainRows>(shape);
    }
    std::unique_ptr<Past> make_past(const RowsShape& /*shape*/, std::span<const int> row_numbers) override {
        return std::make_unique<PlainPast>(row_numbers);
    }
    ConvolverForecast forecast_convolver(const RowsShape& /*shape*/, const ConvolverPlan& /*plan*/) override {
        return {};  // the textbook chooses nothing
    }
    std::unique_ptr<PcmLoader> make_pcm_loader(const RowsShape& /*shape*/,
                                               std::span<const PcmSource> sources) override {
        return std::make_unique<PlainPcmLoader>(sources);
    }
    std::unique_ptr<Convolver> make_convolver(const RowsShape& shape, const ConvolverPlan& plan) override {
        return std::make_unique<PlainConvolver>(shape, plan);
    }
    std::unique_ptr<LevelMeter> make_level_meter(const RowsShape& shape,
                                                 std::span<const LevelTap> taps) override {
        return std::make_unique<PlainLevelMeter>(shape, taps);
    }
    std::unique_ptr<Mixer> make_mixer(const RowsShape& shape, const MixerPlan& plan) override {
        return std::make_unique<PlainMixer>(shape, plan);
    }
    std::unique_ptr<Excitations> make_excitations(const ExcitationsShape& shape) override {
        return oracle::make_excitations(shape);
    }
    std::unique_ptr<Excitation> make_excitation(const RowsShape& /*shape*/,
                                                const ExcitationPlan& plan) override {
        return oracle::make_excitation(plan);
    }
    std::unique_ptr<Masking> make_masking(const MaskingPlan& plan) override {
        return oracle::make_masking(plan);
    }

  private:
    DeviceInfo info_;
};

}  // namespace

std::unique_ptr<Backend> make_backend() { return std::make_unique<Textbook>(); }

const DoubleRows& in_double(const Rows& rows) {
    const auto* own = dynamic_cast<const DoubleRows*>(&rows);
    TUTTI_CHECK(own != nullptr);
    return *own;
}

DoubleRows& in_double(Rows& rows) {
    auto* own = dynamic_cast<DoubleRows*>(&rows);
    TUTTI_CHECK(own != nullptr);
    return *own;
}

}  // namespace tutti::oracle
