//! The `lab` program. All of it is in the library, so that it is compiled once.

use std::process::ExitCode;

fn main() -> ExitCode {
    sticky_lab::main()
}
