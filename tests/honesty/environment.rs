//! The conditions that labs run under: congestion control, weather, busy cores. Each set of them is
//! a process of its own, in a network of its own.

use std::fmt;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::str::FromStr;

/// What the network does to packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weather {
    Calm,
    /// Packets are lost, data and ACKs, single ones and several in a row. The capture sees them all
    /// the same: they are thrown away behind it.
    Rain,
    /// A slow line: packets wait in a queue before it. It takes none above 9,000 bytes.
    Slow,
}

/// A set of conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Environment {
    /// `default` for what the system has.
    pub(crate) congestion: String,
    pub(crate) weather: Weather,
    pub(crate) busy: bool,
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weather = match self.weather {
            Weather::Calm => "calm",
            Weather::Rain => "rain",
            Weather::Slow => "slow",
        };
        let load = if self.busy { "busy" } else { "idle" };
        write!(f, "{}-{weather}-{load}", self.congestion)
    }
}

impl FromStr for Environment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no environment: write cubic-calm-idle");
        let parts: Vec<&str> = text.split('-').collect();
        let &[congestion, weather, load] = &parts[..] else {
            return Err(wrong());
        };
        Ok(Self {
            congestion: congestion.into(),
            weather: match weather {
                "calm" => Weather::Calm,
                "rain" => Weather::Rain,
                "slow" => Weather::Slow,
                _ => return Err(wrong()),
            },
            busy: load == "busy",
        })
    }
}

/// Loses packets of established connections: some by the dice, and each time a few in a row.
const RAIN: &str = "table inet weather {
  chain rain {
    type filter hook input priority 0
    tcp flags & (syn | fin | rst) == 0 numgen random mod 100 < 5 drop
    tcp flags & (syn | fin | rst) == 0 numgen inc mod 40 < 6 drop
  }
}
";

impl Environment {
    /// Makes this process's own network so, or says why it cannot.
    pub(crate) fn enter(&self) -> Result<(), String> {
        if self.congestion != "default" {
            // A sysctl in a network of one's own takes only what the host allows to everybody; a
            // route takes any.
            let route = format!(
                "route replace local 127.0.0.1 dev lo table local proto kernel scope host \
                 src 127.0.0.1 congctl {}",
                self.congestion
            );
            run("ip", &route.split(' ').collect::<Vec<_>>(), "")?;
            let found = congestion().map_err(|error| format!("no connection to ask: {error}"))?;
            if found != self.congestion {
                return Err(format!("the kernel chose {found}"));
            }
        }
        match self.weather {
            Weather::Calm => Ok(()),
            Weather::Rain => run("nft", &["-f", "-"], RAIN),
            Weather::Slow => {
                let queue = "qdisc add dev lo root tbf rate 8mbit burst 10000 latency 400ms";
                run("tc", &queue.split(' ').collect::<Vec<_>>(), "")
            }
        }
    }
}

/// Whether this process's user may choose congestion control and weather in a network of its own:
/// the programs that do it get no right but root's.
pub(crate) fn may_choose() -> bool {
    #[cfg(target_os = "linux")]
    return nix::unistd::geteuid().is_root();
    #[cfg(not(target_os = "linux"))]
    false
}

/// What a connection in this network has for congestion control.
#[cfg(not(target_os = "linux"))]
fn congestion() -> std::io::Result<String> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// What a connection in this network has for congestion control.
#[cfg(target_os = "linux")]
fn congestion() -> std::io::Result<String> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let client = std::net::TcpStream::connect(listener.local_addr()?)?;
    let name = socket2::SockRef::from(&client).tcp_congestion()?;
    let name = String::from_utf8_lossy(&name).into_owned();
    Ok(name.trim_end_matches('\0').into())
}

/// What this kernel has.
pub(crate) fn available() -> Vec<String> {
    let path = "/proc/sys/net/ipv4/tcp_available_congestion_control";
    let names = std::fs::read_to_string(path).unwrap_or_default();
    names.split_whitespace().map(String::from).collect()
}

fn run(program: &str, arguments: &[&str], input: &str) -> Result<(), String> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped());
    let wrong = |error: std::io::Error| format!("{program}: {error}");
    let mut child = command.spawn().map_err(wrong)?;
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(input.as_bytes()).map_err(wrong)?;
    drop(stdin);
    let output = child.wait_with_output().map_err(wrong)?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{program}: {}", said.trim()))
}
