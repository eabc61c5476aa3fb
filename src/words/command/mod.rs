//! What the commands say outside of what they draw: what is wrong with what was asked for, what
//! keeps them from it, what to do about it.

mod lint;
mod lookup;
mod runs;
mod system;
mod usage;

pub(crate) use lint::{
    as_claimed, checked_lab, failed_unclaimed, findings, missing_text, not_confirmed, not_done,
    not_intact, otherwise, shown_by, so_often, still_waiting,
};
pub(crate) use lookup::{
    neither_command_nor_lab, no_lab, no_lab_but_a_command, no_lab_but_a_run, no_number, no_run,
    no_such_myth, no_such_run, no_such_word, one_lab_at_a_time, runs_are_named,
};
pub(crate) use runs::{
    could_not_begin, goes_on_without_wire, hosts_own_mtu, no_capture, no_load, no_server,
    port_in_use, port_needs_privileges, runs_without_wire, set_tmpdir, waits_for_client,
};
pub(crate) use system::{
    begin_anew, cannot_be_read, cannot_be_removed, cannot_be_written, cannot_make,
    cannot_read_answer, cannot_remember, cannot_write_output, garbled, give_access,
    is_there_already, no_name, no_place_to_remember, no_use_of_terminal, nowhere_to_make,
    remove_by_hand, unreadable,
};
pub(crate) use usage::{
    another_programs_code, kept_to_ascii, no_chinese_in_ascii, no_other_program_on_wire,
    no_terminal_to_learn_in, no_terminal_to_predict_in, no_terminal_to_step_in, not_an_answer_each,
    options_behind, too_narrow, wire_goes_with_no_mode,
};
