#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <numbers>

#include "engine/cpu/block_transform.hpp"
#include "engine/cpu/kernel_spectra.hpp"
#include "tests/signals.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

cpu::AlignedBins forward(const cpu::BlockTransform& transform, const cpu::BlockInput& input) {
    cpu::AlignedBins bins(transform.spectrum_bins());
    cpu::AlignedBins scratch(transform.scratch_bins());
    for (int group = 0; group < transform.column_group_count(); ++group) {
        transform.forward_columns(input, bins.data(), scratch.data(), group);
    }
    for (int row = 0; row < transform.row_group_count(); ++row) {
        cpu::LaneBins* const begin = bins.data() + row * transform.row_bins();
        transform.begin_row(begin);
        for (int at = 0; at < transform.row_bins(); at += transform.piece_bins()) {
            transform.finish_piece(begin + at);
        }
    }
    return bins;
}

void inverse(const cpu::BlockTransform& transform, cpu::AlignedBins bins, const cpu::BlockOutput& output) {
    cpu::AlignedBins scratch(transform.scratch_bins());
    for (int row = 0; row < transform.row_group_count(); ++row) {
        cpu::LaneBins* const begin = bins.data() + row * transform.row_bins();
        for (int at = 0; at < transform.row_bins(); at += transform.piece_bins()) {
            transform.inverse_piece(begin + at);
        }
        transform.inverse_row(begin);
    }
    for (int group = 0; group < transform.column_group_count(); ++group) {
        transform.inverse_columns(bins.data(), output, scratch.data(), group);
    }
}

/// The whole block.
Signal inverse(const cpu::BlockTransform& transform, const cpu::AlignedBins& bins) {
    AlignedFloats out(transform.frame_count());
    inverse(transform, bins, {out.data(), transform.frame_count()});
    return {out.begin(), out.end()};
}

AlignedFloats aligned(const Signal& signal) { return {signal.begin(), signal.end()}; }

/// Bin k by the definition in block_transform.hpp.
std::complex<double> defined_bin(const Signal& frames, int k) {
    const int half = static_cast<int>(frames.size()) / 2;
    std::complex<double> sum = 0.0;
    for (int n = 0; n < half; ++n) {
        const double turns = n / (4.0 * half) - std::fmod(static_cast<double>(n) * k, half) / half;
        sum += std::complex<double>(frames[n], frames[n + half]) *
               std::polar(1.0, 2.0 * std::numbers::pi * turns);
    }
    return sum;
}

/// FFTs err in proportion to the root of their depth: Higham, Accuracy and Stability of Numerical Algorithms,
/// 2nd ed., 24.1, with independent roundings.
double allowed_db(int frame_count) {
    return 20.0 * std::log10(std::ldexp(1.0, -24) * 4.0 * std::sqrt(std::log2(frame_count)));
}

}  // namespace

TEST_CASE("A block transform makes the bins of its definition, in any size") {
    for (const int frames : {512, 1024, 1536, 2048, 3072, 4096, 8192, 12288, 5 << 14, 15 << 13}) {
        const cpu::BlockTransform transform(frames);
        const Signal signal = noise(frames, 7);
        const AlignedFloats block = aligned(signal);
        const cpu::AlignedBins bins = forward(transform, {block.data(), frames});
        const std::vector<std::uint32_t> places = transform.bin_places();
        double error = 0.0;
        double power = 0.0;
        const int step = (frames / 512) | 1;  // odd, so that every digit of a bin's number takes every value
        for (int k = 0; k < frames / 2; k += step) {
            const cpu::LaneBins& place = bins[places[k] / cpu::lane_count];
            const int lane = static_cast<int>(places[k] % cpu::lane_count);
            const std::complex<double> expected = defined_bin(signal, k);
            error += std::norm(std::complex<double>(place.re[lane], place.im[lane]) - expected);
            power += std::norm(expected);
        }
        CAPTURE(frames, cpu::block_transform_kernels().name);
        CHECK(10.0 * std::log10(error / power) < allowed_db(frames));
    }
}

TEST_CASE("A block transform back and forth is its block, in every size up to 2^22") {
    for (int power = 512; power <= 1 << 22; power *= 2) {
        for (const int frames : {power, power / 8 * 5, power / 4 * 3, power / 16 * 15}) {
            if (!cpu::BlockTransform::is_size(frames)) continue;
            const cpu::BlockTransform transform(frames);
            const Signal signal = noise(frames, 8);
            const AlignedFloats block = aligned(signal);
            Signal found = inverse(transform, forward(transform, {block.data(), frames}));
            for (float& x : found) x *= 2.0F / static_cast<float>(frames);
            const Difference change = difference({signal}, {found});
            CAPTURE(frames, change.rms_db, cpu::block_transform_kernels().name);
            CHECK(change.rms_db < allowed_db(frames) + 3.0);
        }
    }
}

TEST_CASE("Products of a block transform wrap around with the other sign") {
    const int frames = 512;
    const cpu::BlockTransform transform(frames);
    const cpu::KernelTransform kernel_transform(transform);
    const Signal signal = noise(frames, 9);
    const Signal kernel = noise(300, 10);
    cpu::AlignedBins kernel_bins(transform.spectrum_bins());
    kernel_transform.run(kernel, kernel_bins.data());
    const AlignedFloats block = aligned(signal);
    cpu::AlignedBins bins = forward(transform, {block.data(), frames});
    const cpu::SpectrumProduct product[] = {{bins.data(), kernel_bins.data()}};
    transform.multiply(product, 0, bins.data(), static_cast<int>(bins.size()));
    Signal expected(frames);
    for (int n = 0; n < frames; ++n) {
        double sum = 0.0;
        for (int k = 0; k < 300; ++k) {
            sum += static_cast<double>(kernel[k]) * (n >= k ? signal[n - k] : -signal[n - k + frames]);
        }
        expected[n] = static_cast<float>(sum);
    }
    const Difference error = difference({expected}, {inverse(transform, bins)});
    CAPTURE(error.rms_db);
    CHECK(below_promised(error));
}

TEST_CASE("A block transform takes what is not there for zeros") {
    for (const int frames : {1536, 1 << 18, 5 << 17}) {
        const cpu::BlockTransform transform(frames);
        const int count = frames / 16 * 10 - 16;
        Signal signal = noise(frames, 11);
        const AlignedFloats begin = aligned({signal.begin(), signal.begin() + count});
        std::fill(signal.begin() + count, signal.end(), 0.0F);
        const AlignedFloats whole = aligned(signal);
        CAPTURE(frames);
        CHECK(first_unequal({inverse(transform, forward(transform, {whole.data(), frames}))},
                            {inverse(transform, forward(transform, {begin.data(), count}))}) == "");
    }
}

TEST_CASE("A block transform makes the same bits of rows in a cache and in memory") {
    for (const int frames : {3 << 15, 1 << 18, 15 << 15, 3 << 18}) {
        const cpu::BlockTransform near(frames, true);
        const cpu::BlockTransform far(frames, false);
        const AlignedFloats block = aligned(noise(frames, 14));
        const cpu::AlignedBins bins = forward(near, {block.data(), frames});
        CAPTURE(frames);
        CHECK(first_unequal({inverse(near, bins)}, {inverse(far, bins)}) == "");
        CHECK(first_unequal({inverse(near, bins)}, {inverse(near, forward(far, {block.data(), frames}))}) ==
              "");
    }
}

TEST_CASE("A block transform adds what it gives back to a tail that runs round in a ring") {
    for (const int frames : {1536, 3 << 17}) {
        const cpu::BlockTransform transform(frames);
        const AlignedFloats block = aligned(noise(frames, 12));
        const cpu::AlignedBins bins = forward(transform, {block.data(), frames});
        const Signal all = inverse(transform, bins);
        const int scale = frames / 1536;
        const int size = 1200 * scale;
        const int count = 496 * scale;
        const int old_count = 608 * scale;
        for (const int begin : {0, 400 * scale, size - 16}) {
            const Signal old = noise(size, 13);
            AlignedFloats tail = aligned(old);
            AlignedFloats out(count);
            inverse(transform, bins, {out.data(), count, tail.data(), size, begin, old_count, size - count});
            Signal expected = all;
            Signal found(out.begin(), out.end());
            for (int n = 0; n < old_count; ++n) expected[n] += old[(begin + n) % size];
            for (int n = count; n < size; ++n) found.push_back(tail[(begin + n) % size]);
            expected.resize(size);
            CAPTURE(frames, begin);
            CHECK(first_unequal({expected}, {found}) == "");
        }
    }
}

TEST_CASE("Sizes of block transforms are 2^k and 3 * 2^k, and from 2^16 on 5 and 15 times 2^k") {
    for (const int good : {512, 1024, 1536, 2048, 3072, 5 << 14, 15 << 13, 1 << 22})
        CHECK(cpu::BlockTransform::is_size(good));
    for (const int bad : {0, 16, 256, 768, 1000, 1280, 2560, 513, 5 << 13, 15 << 12, 7 << 14, 9 << 14})
        CHECK_FALSE(cpu::BlockTransform::is_size(bad));
}
