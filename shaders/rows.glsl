// The rows of a Rows matrix, over up to tile_limit buffers: the same buffers to read and to write. `row` must be the
// same in a whole workgroup: without descriptor indexing an array of buffers may only be indexed so.
layout(std430, set = 1, binding = 0) readonly buffer RowsToRead { float samples[]; } rows_to_read[tile_limit];
layout(std430, set = 1, binding = 1) writeonly buffer RowsToWrite { float samples[]; } rows_to_write[tile_limit];

float read_row(RowsLayout rows, uint row, int frame) {
    const uint at = row % rows.rows_per_tile * rows.row_stride + uint(int(rows.history_count) + frame);
    return rows_to_read[row / rows.rows_per_tile].samples[at];
}

void write_row(RowsLayout rows, uint row, int frame, float value) {
    const uint at = row % rows.rows_per_tile * rows.row_stride + uint(int(rows.history_count) + frame);
    rows_to_write[row / rows.rows_per_tile].samples[at] = value;
}
