//! The whole program from start to end: `lab 3` against `/bin/true`, which is the cost of a process,
//! and against a bare program that does the same three runs and nothing else, run in turn.
//!
//! All are started the same way, so what the machine does besides falls on all alike. Prints a line
//! for each, with the ratio of its median to that of `/bin/true`, and nothing absolute. The paths given
//! to it are builds of the program: `lab` and what scripts/portable makes.

use std::env;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

const ROUNDS: usize = 200;
/// The argument with which this program is the bare one.
const BARE: &str = "bare-runs";

fn time(program: &str, args: &[&str]) -> Duration {
    let mut command = Command::new(program);
    command.args(args).stdout(Stdio::null());
    let start = Instant::now();
    let status = command.status();
    let took = start.elapsed();
    match status {
        Ok(status) if status.success() => took,
        other => panic!("{program}: {other:?}"),
    }
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

/// What lab 3 cannot do without: a server and a client in threads, three connections over loopback,
/// two writes and two reads each. No evidence, no record, no picture.
fn bare() -> io::Result<()> {
    let (listeners, accepting) = mpsc::channel::<TcpListener>();
    let (addresses, connecting) = mpsc::channel::<SocketAddr>();
    let (tell, over) = mpsc::channel();
    let told = tell.clone();
    let server = thread::Builder::new().name("server".into());
    server.spawn(move || -> io::Result<()> {
        for listener in accepting {
            let (mut connection, _) = listener.accept()?;
            let mut bytes = [0; 10];
            connection.read_exact(&mut bytes[..2])?;
            connection.read_exact(&mut bytes[2..])?;
            drop((connection, listener));
            if told.send(()).is_err() {
                break;
            }
        }
        Ok(())
    })?;
    let client = thread::Builder::new().name("client".into());
    client.spawn(move || -> io::Result<()> {
        for address in connecting {
            let mut connection = TcpStream::connect(address)?;
            connection.write_all(b"hello")?;
            connection.write_all(b"world")?;
            drop(connection);
            if tell.send(()).is_err() {
                break;
            }
        }
        Ok(())
    })?;
    let gone = || io::Error::from(io::ErrorKind::BrokenPipe);
    for _ in 0..3 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        listeners.send(listener).map_err(|_| gone())?;
        addresses.send(address).map_err(|_| gone())?;
        for _ in ["client", "server"] {
            over.recv().map_err(|_| gone())?;
        }
    }
    Ok(())
}

fn main() -> io::Result<()> {
    let mut args = env::args();
    let own = args.next().unwrap_or_default();
    let given: Vec<String> = args.filter(|arg| !arg.starts_with("--")).collect();
    if given.iter().any(|arg| arg == BARE) {
        return bare();
    }
    let mut programs = vec![
        ("/bin/true", "/bin/true", &[][..]),
        ("the bare runs", &own, &[BARE]),
    ];
    programs.extend(given.iter().map(|path| (&**path, &**path, &["3"][..])));
    let mut times = vec![Vec::new(); programs.len()];
    for _ in 0..ROUNDS {
        for (times, (_, program, args)) in times.iter_mut().zip(&programs) {
            times.push(time(program, args));
        }
    }
    let medians: Vec<f64> = times.iter_mut().map(|times| median(times)).collect();
    for ((name, ..), median) in programs.iter().zip(&medians) {
        println!("{:.2} {name}", median / medians[0]);
    }
    Ok(())
}
