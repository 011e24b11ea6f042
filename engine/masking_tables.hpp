#pragma once

#include <span>

namespace tutti {

/// A curve through tabulated points.
struct TablePoint {
    double x = 0.0;
    double y = 0.0;
};

/// On the straight line between the points beside x; the first or last value outside. Points ascend in x.
double table_value(std::span<const TablePoint> points, double x);

/// Outer ear in a free and in a diffuse field, and middle ear, in dB over Hz (ANSI S3.4-2007, tables 1-3; ISO
/// 532-2:2017, table 1).
std::span<const TablePoint> free_field_table();
std::span<const TablePoint> diffuse_field_table();
std::span<const TablePoint> middle_ear_table();

/// Excitation at the absolute threshold, in dB over Hz (ANSI S3.4-2007).
std::span<const TablePoint> threshold_excitation_table();

/// alpha and A over 10 lg G (ANSI S3.4-2007, figures 6 and 7).
std::span<const TablePoint> alpha_table();
std::span<const TablePoint> a_table();

/// K, signal-to-masker ratio at the masked threshold, in dB over Hz (Moore, Glasberg & Baer 1997, figure 9).
std::span<const TablePoint> k_table();

}  // namespace tutti
