//! `recv_file` against a plain Python client that does the same: both take a file from a program that
//! is neither, in turn, without an MD5 and with one. Prints the ratio of the medians; below 1 `lab`
//! is faster. A path given to it is the program.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use serde_json::json;
use sticky_lab::frame::md5_of;

const SIZE: usize = 1 << 30;
const PIECE: usize = 1 << 20;
const SLICE: usize = 1 << 16;
const ROUNDS: usize = 5;

/// What a student would write: the length, the header, then the content slice by slice.
const PYTHON: &str = r#"
import hashlib, json, os, socket, struct, sys, tempfile
port, size = map(int, sys.argv[1:])
conn = socket.create_connection(("127.0.0.1", port))
def exactly(n):
    got = b""
    while len(got) < n:
        got += conn.recv(n - len(got))
    return got
header = json.loads(exactly(*struct.unpack("<q", exactly(8))))
left = header["total_size"]
digest = hashlib.md5() if "md5" in header else None
with tempfile.TemporaryDirectory() as directory:
    with open(os.path.join(directory, header["filename"]), "wb") as file:
        while left:
            piece = conn.recv(min(size, left))
            file.write(piece)
            left -= len(piece)
            if digest:
                digest.update(piece)
assert digest is None or digest.hexdigest() == header["md5"]
"#;

/// Sends the file to whoever connects. A reader that has enough may close first.
fn serve(listener: &TcpListener, header: &str, piece: &[u8]) {
    for connection in listener.incoming() {
        let sent = connection.and_then(|mut to| {
            to.write_all(&(header.len() as u64).to_le_bytes())?;
            to.write_all(header.as_bytes())?;
            (0..SIZE / PIECE).try_for_each(|_| to.write_all(piece))
        });
        sent.expect("a file is sent");
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn main() -> io::Result<()> {
    let given = env::args().skip(1).find(|arg| !arg.starts_with("--"));
    let program = given.expect("the path of the program");
    let directory = tempfile::tempdir()?;
    let piece = b"0123456789abcdef".repeat(PIECE / 16);
    let md5 = md5_of(std::iter::repeat_n(&piece[..], SIZE / PIECE));
    for announced in [None, Some(md5)] {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let name = announced.as_ref().map_or("no MD5", |_| "MD5");
        let mut header = json!({ "filename": "a", "total_size": SIZE });
        if let Some(md5) = announced {
            header["md5"] = md5.into();
        }
        let (header, piece) = (header.to_string(), piece.clone());
        thread::spawn(move || serve(&listener, &header, &piece));
        let lab = directory.path().join("lab.json");
        let run = json!({ "name": "one", "port": port, "deadline": "60s", "server": "elsewhere",
            "framing": { "header_dict": "<q", "limit": 2 * SIZE },
            "client": [{ "recv_file": { "slice": SLICE } }] });
        fs::write(&lab, json!({ "runs": [run] }).to_string())?;
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            let mut ours = Command::new(&program);
            ours.arg("run").arg(&lab);
            let mut python = Command::new("python3");
            python.args(["-c", PYTHON, &port.to_string(), &SLICE.to_string()]);
            for (command, times) in [ours, python].iter_mut().zip(&mut times) {
                let start = Instant::now();
                let status = command.stdout(Stdio::null()).status()?;
                times.push(start.elapsed().as_secs_f64());
                assert!(status.success(), "{command:?}: {status}");
            }
        }
        let [ours, python] = times.map(median);
        println!("{:.2} {name}", ours / python);
    }
    Ok(())
}
