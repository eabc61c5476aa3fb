//! What keeps an ordinary user from having a network, found out from what the system says of
//! itself.

use std::fs;
use std::io;

use super::Forbidden;

/// What the system says.
#[derive(Debug, Default)]
struct Facts {
    /// `kernel.apparmor_restrict_unprivileged_userns`: Ubuntu 23.10 and later.
    apparmor: Option<u64>,
    /// `kernel.unprivileged_userns_clone`: Debian, Arch and hardened kernels.
    userns_clone: Option<u64>,
    /// `user.max_user_namespaces`.
    user_namespaces: Option<u64>,
    /// `user.max_net_namespaces`.
    net_namespaces: Option<u64>,
    /// Whether system calls of this process are filtered, as containers have it.
    seccomp: bool,
    /// Whether the kernel knows user namespaces at all.
    known: bool,
}

impl Facts {
    fn look() -> Self {
        let number = |path: &str| fs::read_to_string(path).ok()?.trim().parse().ok();
        Self {
            apparmor: number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"),
            userns_clone: number("/proc/sys/kernel/unprivileged_userns_clone"),
            user_namespaces: number("/proc/sys/user/max_user_namespaces"),
            net_namespaces: number("/proc/sys/user/max_net_namespaces"),
            seccomp: of_this_process("Seccomp:").as_deref() == Some("2"),
            known: fs::exists("/proc/self/ns/user").unwrap_or(false),
        }
    }

    /// The first of the known reasons that holds.
    fn explain(&self, error: &io::Error) -> Forbidden {
        let sysctl = |name: &str, value: &str| format!("sudo sysctl {name}={value}");
        let allows_none = |limit: &str| {
            let what = format!("{limit} is 0: no user may have a network");
            (what, Some(sysctl(limit, "1000")))
        };
        let (what, how) = if !self.known {
            ("this kernel was built without user namespaces".into(), None)
        } else if self.user_namespaces == Some(0) {
            allows_none("user.max_user_namespaces")
        } else if self.net_namespaces == Some(0) {
            allows_none("user.max_net_namespaces")
        } else if self.userns_clone == Some(0) {
            (
                "kernel.unprivileged_userns_clone is 0: ordinary users may have no network".into(),
                Some(sysctl("kernel.unprivileged_userns_clone", "1")),
            )
        } else if self.apparmor.is_some_and(|restricts| restricts > 0) {
            (
                "AppArmor keeps ordinary users from having a network \
                 (kernel.apparmor_restrict_unprivileged_userns)"
                    .into(),
                Some(sysctl("kernel.apparmor_restrict_unprivileged_userns", "0")),
            )
        } else if self.seccomp {
            (
                "a seccomp filter, as containers have it, forbids a network of one's own".into(),
                Some("start the container with --cap-add NET_RAW --cap-add NET_ADMIN".into()),
            )
        } else {
            (
                format!("this system forbids a network of one's own ({error})"),
                None,
            )
        };
        let help = match how {
            Some(how) => format!("to allow it: {how}; or run as root"),
            None => "run as root, or with CAP_NET_RAW".into(),
        };
        Forbidden {
            what,
            help,
            stranded: false,
        }
    }
}

/// Whether trying would only strand this process in a network without rights: `AppArmor` lets the
/// namespace be made and takes every right in it away, except from programs that it knows.
pub(super) fn is_a_trap() -> bool {
    let confined = fs::read_to_string("/proc/self/attr/current");
    Facts::look()
        .apparmor
        .is_some_and(|restricts| restricts > 0)
        && confined.is_ok_and(|profile| profile.starts_with("unconfined"))
}

/// Whether root may be itself in a user namespace: that takes `CAP_SETFCAP` (Linux 5.12).
pub(super) fn may_map_root() -> bool {
    const SETFCAP: u64 = 1 << 31;
    let effective = of_this_process("CapEff:");
    let rights = effective.and_then(|digits| u64::from_str_radix(&digits, 16).ok());
    rights.is_some_and(|rights| rights & SETFCAP != 0)
}

/// A line of `/proc/self/status`, without its name.
fn of_this_process(name: &str) -> Option<String> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let value = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(value.trim().into())
}

/// Names what stood behind an error.
pub(super) fn explain(error: &io::Error) -> Forbidden {
    Facts::look().explain(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_is_named_with_what_would_lift_it() {
        let error = io::Error::from(io::ErrorKind::PermissionDenied);
        let says = |facts: Facts, help: &str| {
            let said = facts.explain(&error);
            assert!(said.help.contains(help), "{facts:?}: {said}");
        };
        let but = |change: fn(&mut Facts), help| {
            let mut facts = Facts {
                known: true,
                user_namespaces: Some(100),
                net_namespaces: Some(100),
                ..Facts::default()
            };
            change(&mut facts);
            says(facts, help);
        };
        but(
            |it| it.user_namespaces = Some(0),
            "user.max_user_namespaces=",
        );
        but(|it| it.net_namespaces = Some(0), "user.max_net_namespaces=");
        let clone = "kernel.unprivileged_userns_clone=1";
        but(|it| it.userns_clone = Some(0), clone);
        let restricted = "kernel.apparmor_restrict_unprivileged_userns=0";
        but(
            |it| (it.apparmor, it.userns_clone) = (Some(1), Some(1)),
            restricted,
        );
        but(
            |it| (it.apparmor, it.seccomp) = (Some(0), true),
            "--cap-add NET_RAW",
        );
        but(|_| (), "run as root, or with CAP_NET_RAW");
        says(Facts::default(), "run as root, or with CAP_NET_RAW");
    }
}
