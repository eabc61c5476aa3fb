#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    // Mostly as JSON, now and then as bytes.
    if !seed.is_multiple_of(4)
        && let Some(changed) = sticky_lab_fuzz::json::mutate(&data[..size], 0, max_size, seed)
    {
        data[..changed.len()].copy_from_slice(&changed);
        return changed.len();
    }
    fuzzer_mutate(data, size, max_size)
});

fuzz_target!(|data: &[u8]| sticky_lab_fuzz::lab_file::check(data));
