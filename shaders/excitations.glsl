// The excitations of a tile of slices, over up to tile_limit buffers, in the descriptor set that otherwise holds rows.
// `slice` must be the same in a whole workgroup: without descriptor indexing an array of buffers may only be indexed so.
layout(std430, set = 1, binding = 0) readonly buffer ExcitationsToRead { float values[]; } excitations_to_read[tile_limit];
layout(std430, set = 1, binding = 1) writeonly buffer ExcitationsToWrite { float values[]; }
excitations_to_write[tile_limit];

/// [ear][object][band]
uint excitation_place(ExcitationsLayout tile, uint slice, uint ear, uint object, uint band) {
    const uint row = (slice % tile.slices_per_tile * 2 + ear) * tile.object_count + object;
    return row * tile.band_count + band;
}

float read_excitation(ExcitationsLayout tile, uint slice, uint ear, uint object, uint band) {
    return excitations_to_read[slice / tile.slices_per_tile].values[excitation_place(tile, slice, ear, object, band)];
}

void write_excitation(ExcitationsLayout tile, uint slice, uint ear, uint object, uint band, float value) {
    excitations_to_write[slice / tile.slices_per_tile].values[excitation_place(tile, slice, ear, object, band)] = value;
}
