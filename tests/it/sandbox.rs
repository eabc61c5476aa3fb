//! What a sandbox takes away, or a system does not have: a real seccomp filter, a program that is not
//! installed, a directory that is not there. What nobody could be asked is not confirmed, and never
//! said to be otherwise; and who cannot begin says what is in the way.
#![allow(
    unsafe_code,
    reason = "a seccomp filter has to be set between fork and exec"
)]

use std::fs;
use std::io;
use std::os::unix::process::CommandExt;
use std::process;

use assert_cmd::Command;
use serde_json::Value;

use crate::shell::{self, Done};

/// Lets the kernel refuse a system call with EPERM, as the filters of containers do. On another
/// machine the numbers of the calls are others, but they are so for this program as well.
fn refuse(command: &mut process::Command, call: libc::c_long) {
    use libc::{BPF_ABS, BPF_JEQ, BPF_JMP, BPF_K, BPF_LD, BPF_RET, BPF_W};
    let rule = |code: u32, jf: u8, k: u32| libc::sock_filter {
        code: u16::try_from(code).expect("a code"),
        jt: 0,
        jf,
        k,
    };
    let call = u32::try_from(call).expect("a number");
    let refusal = libc::SECCOMP_RET_ERRNO | libc::EPERM.cast_unsigned();
    let mut rules = [
        // The number of the call stands first in `struct seccomp_data`.
        rule(BPF_LD | BPF_W | BPF_ABS, 0, 0),
        rule(BPF_JMP | BPF_JEQ | BPF_K, 1, call),
        rule(BPF_RET | BPF_K, 0, refusal),
        rule(BPF_RET | BPF_K, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let set = move || {
        let filter = libc::sock_fprog {
            len: 4,
            filter: rules.as_mut_ptr(),
        };
        let mode = libc::SECCOMP_MODE_FILTER;
        // SAFETY: both calls are made with the arguments that prctl(2) asks for, and the filter
        // outlives them.
        let refused = unsafe {
            libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
                || libc::prctl(libc::PR_SET_SECCOMP, mode, &raw const filter) != 0
        };
        if refused {
            return Err(io::Error::last_os_error());
        }
        Ok(())
    };
    // SAFETY: it makes two system calls, and takes no memory and no lock.
    unsafe { command.pre_exec(set) };
}

/// The program, with this system call refused.
fn without(call: libc::c_long, args: &[&str]) -> Done {
    let mut command = shell::running(args);
    refuse(&mut command, call);
    shell::done(&mut Command::from_std(command))
}

#[test]
fn what_the_kernel_may_not_tell_is_not_confirmed_and_does_not_differ() {
    for (lab, run, key) in [
        ("2", "cork", "most_unsent"),
        ("6", "flood", "drops"),
        ("17", "one-write", "most_unsent"),
    ] {
        let args = [lab, "--run", run, "--json"];
        let Done { code, out, err } = without(libc::SYS_getsockopt, &args);
        assert_eq!((code, err.as_str()), (0, ""), "{run}");
        let lines = out
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"));
        let report = lines
            .into_iter()
            .find(|line: &Value| line["type"] == "report");
        let report = report.expect("a report");
        assert_eq!(report["outcome"], "unconfirmed", "{run}");
        let open = &report["differences"][0];
        assert_eq!((&open["claim"], &open["got"]), (&key.into(), &Value::Null));
        let said = without(
            libc::SYS_getsockopt,
            &[lab, "--run", run, "--full", "--plain"],
        )
        .out;
        assert!(said.contains("; what it was here is not known"), "{said}");
        assert!(!said.contains("This differs"), "{said}");
    }
}

#[test]
fn who_may_not_bind_at_all_is_not_told_to_take_another_port() {
    let desk = shell::desk("sandbox/bind");
    let path = desk.join("lab.json");
    let lab = r#"{ "runs": [ { "name": "one", "port": 80,
                    "client": [ { "send": "x" } ], "server": [ { "recv": 9 } ] } ] }"#;
    fs::write(&path, lab).expect("a file");
    let path = path.to_str().expect("a path");
    for call in [libc::SYS_bind, libc::SYS_socket] {
        let Done { code, err, .. } = without(call, &["run", path]);
        assert_eq!(code, 3);
        assert!(err.contains("a container, a sandbox"), "{err}");
        assert!(!err.contains("privileges"), "{err}");
    }
}

#[test]
fn without_a_directory_for_files_no_run_begins() {
    for (lab, run) in [("12", "whole-file"), ("21", "stream")] {
        let mut command = shell::lab(&[lab, "--run", run]);
        let Done { code, err, .. } = shell::done(command.env("TMPDIR", "/no/such/place"));
        assert_eq!(code, 3, "{run}: {err}");
        let named = err.contains("\"/no/such/place/") && err.contains("; set TMPDIR to");
        assert!(named, "{run}: {err}");
    }
}

#[test]
fn lint_names_the_program_that_is_missing() {
    let desk = shell::desk("sandbox/lint");
    let path = desk.join("lab.json");
    let lab = r#"{ "commands": { "ls": ["no-such-program-at-all"] },
        "runs": [ { "name": "one",
          "client": [ { "send": "ls" }, { "recv": 64 } ],
          "server": [ { "recv": 64 }, "run_command", { "send_answer_size": "{size}" } ],
          "expect": { "errors": [] } } ] }"#;
    fs::write(&path, lab).expect("a file");
    let args = [
        "lint",
        path.to_str().expect("a path"),
        "--allow-commands",
        "--times",
        "1",
    ];
    let Done { out, .. } = shell::done(&mut shell::lab(&args));
    assert!(
        out.contains("1 not confirmed: `no-such-program-at-all` is not installed here"),
        "{out}"
    );
    assert!(
        !out.contains("kernel") && !out.contains("as it claims"),
        "{out}"
    );
}
