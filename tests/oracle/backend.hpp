#pragma once

#include <memory>
#include <span>

#include "engine/backend.hpp"

namespace tutti::oracle {

/// The textbook as a Backend: every operation by its definition, in double precision, slow and obvious.
/// Whatever runs on a Backend, a whole Renderer too, runs on it in double from write() to read(). It
/// allocates as it pleases.
std::unique_ptr<Backend> make_backend();

/// Rows of the oracle, with a border in double beside the float one.
class DoubleRows : public Rows {
  public:
    /// As write() and read(), without rounding to float.
    virtual void write_double(int first_row, std::span<const double> samples) = 0;
    virtual void read_double(int first_row, std::span<double> samples) const = 0;

    /// Frame -history_count ... frame_count - 1 of a row.
    virtual double at(int row, int frame) const = 0;
};

/// The same rows with their border in double. Aborts when they are another backend's.
DoubleRows& in_double(Rows& rows);
const DoubleRows& in_double(const Rows& rows);

}  // namespace tutti::oracle
