//! Random labs, each decided by its seed. A lab is made of phases: one side writes a burst of
//! messages, the other reads some of it. No read waits for bytes that nobody will send, so that a run
//! ends by itself, with rare exceptions that its deadline ends.

use serde_json::{Value, json};

use super::random::Random;

/// One direction of a connection, while it is written.
#[derive(Default)]
struct Flow {
    /// Bytes that will surely be written, and the most that there can be.
    surely: u64,
    most: u64,
    /// The fewest and the most bytes that the reads so far can have taken.
    taken: [u64; 2],
    /// Messages in frames that have not been asked for.
    frames: u64,
    name: &'static str,
}

impl Flow {
    /// How many bytes are surely there for the next read.
    fn ready(&self) -> u64 {
        self.surely.saturating_sub(self.taken[1])
    }

    fn take(&mut self, least: u64, most: u64) {
        self.taken = [self.taken[0] + least, self.taken[1] + most];
    }
}

/// What a lab is made with.
struct Maker {
    random: Random,
    over: &'static str,
    framed: bool,
    /// Whether buffers are small: a burst that nobody reads must be small then.
    tight: bool,
    signals: u32,
}

const TCP: [&str; 2] = ["tcp", "tcp6"];

/// The lab file of a seed.
pub(crate) fn lab(seed: u64) -> Value {
    let mut random = Random::new(seed);
    let kinds = [
        "tcp",
        "tcp6",
        "udp",
        "unix",
        "unix-seqpacket",
        "unix-datagram",
    ];
    let over = kinds[random.weighed(&[72, 4, 10, 8, 3, 3])];
    let mut maker = Maker {
        framed: random.percent(15),
        tight: random.percent(20),
        random,
        over,
        signals: 0,
    };
    let clients = match maker.random.weighed(&[80, 12, 8]) {
        0 => 1,
        1 => 2,
        _ => maker.random.within(3, 5),
    };
    let echoes = maker.random.percent(6);
    let (client, server) = match over {
        "tcp" | "tcp6" | "unix" if echoes => maker.echo(clients),
        "tcp" | "tcp6" | "unix" => maker.stream(clients),
        "unix-seqpacket" => maker.records(clients),
        _ => maker.datagrams(clients),
    };
    let more = clients - 1;
    let mut run = json!({
        "name": "random",
        "transport": over,
        "deadline": "2s",
        "client": client,
        "server": server,
    });
    if more > 0 {
        let all = (0..more).map(|_| run["client"].clone()).collect();
        run["more_clients"] = Value::Array(all);
        if TCP.contains(&over) && maker.random.percent(5) {
            run["backlog"] = json!(maker.random.within(0, 2));
        }
    }
    if maker.framed && matches!(over, "tcp" | "tcp6" | "unix") {
        run["framing"] = json!({"length": ">I"});
    }
    let mtu = maker.random.of(&[
        None,
        None,
        Some(576),
        Some(9000),
        Some(65_536),
        Some(65_536),
    ]);
    if let Some(mtu) = mtu.filter(|_| TCP.contains(&over)) {
        run["mtu"] = json!(mtu);
    }
    json!({ "runs": [run] })
}

impl Maker {
    fn is_tcp(&self) -> bool {
        TCP.contains(&self.over)
    }

    /// A message of so many bytes.
    fn payload(&mut self, size: u64) -> Value {
        let mut letters = |n| -> String {
            let letter =
                |_| char::from(b'a' + u8::try_from(self.random.within(0, 25)).expect("a letter"));
            (0..n).map(letter).collect()
        };
        if size <= 20 {
            return json!(letters(size));
        }
        let unit = [7, 5, 3, 2, 1]
            .into_iter()
            .find(|unit| size.is_multiple_of(*unit));
        let unit = unit.expect("one divides all");
        json!({ "text": letters(unit), "times": size / unit })
    }

    fn size(&mut self) -> u64 {
        let large = if self.tight { 0 } else { 6 };
        match self.random.weighed(&[70, 18, large, large / 3]) {
            0 => self.random.within(1, 20),
            1 if self.tight => self.random.within(20, 300),
            1 => self.random.within(20, 2000),
            2 => self.random.within(2000, 20_000),
            _ => self.random.within(20_000, 200_000),
        }
    }

    /// Options for one end, at its beginning.
    fn options(&mut self) -> Option<Value> {
        let mut set = json!({});
        if self.tight {
            set["send_buffer"] = json!(self.random.within(2000, 8000));
            set["recv_buffer"] = json!(self.random.within(2000, 8000));
        }
        if self.is_tcp() {
            if self.random.percent(35) {
                set["nodelay"] = json!(self.random.percent(70));
            }
            if self.random.percent(12) {
                set["max_segment"] = json!(self.random.within(88, 1500));
            }
        }
        (set != json!({})).then(|| json!({ "set": set }))
    }

    /// What is set once there is a connection.
    fn later_options(&mut self) -> Option<Value> {
        let quickack = self.is_tcp() && self.random.percent(20);
        quickack.then(|| json!({ "set": { "quickack": self.random.percent(25) } }))
    }

    /// Scripts of a stream: of a client, and of a server that does the same for each of them.
    fn stream(&mut self, clients: u64) -> (Vec<Value>, Vec<Value>) {
        let (mut client, mut server) = (Vec::new(), Vec::new());
        client.extend(self.options());
        server.extend(self.options());
        client.push(json!("connect"));
        client.extend(self.later_options());
        let mut part = vec![json!("accept")];
        part.extend(self.later_options());
        let mut to = Flow {
            name: "c",
            ..Flow::default()
        };
        let mut back = Flow {
            name: "s",
            ..Flow::default()
        };
        let mut forth = true;
        for phase in 0..self.random.within(1, 5) {
            if phase > 0 {
                forth = self.random.percent(65);
            }
            if forth {
                self.phase(&mut client, &mut part, &mut to);
            } else {
                self.phase(&mut part, &mut client, &mut back);
            }
        }
        self.end(&mut client, &mut part, &to, &back);
        part.push(json!("close"));
        for _ in 0..clients {
            server.extend(part.iter().cloned());
        }
        (client, server)
    }

    /// Scripts of a client and of a server that answers each read.
    fn echo(&mut self, clients: u64) -> (Vec<Value>, Vec<Value>) {
        self.framed = false;
        let (mut client, mut server) = (Vec::new(), Vec::new());
        client.extend(self.options());
        server.extend(self.options());
        client.push(json!("connect"));
        client.extend(self.later_options());
        for _ in 0..self.random.within(1, 8) {
            let size = self.random.within(1, 100);
            client.push(json!({ "send": self.payload(size) }));
            if self.random.percent(30) {
                client.push(json!({ "recv": self.random.of(&[1, 7, 64]) }));
            }
        }
        client.push(json!("shutdown"));
        client.push(json!({ "recv_until_end": self.random.of(&[1, 5, 64, 1024]) }));
        let mut part = vec![json!("accept")];
        part.extend(self.later_options());
        let echo = json!({ "size": self.random.of(&[1, 4, 33, 1024]), "prefix": self.random.of(&["", ">"]) });
        part.push(json!({ "echo": echo }));
        part.push(json!("close"));
        for _ in 0..clients {
            server.extend(part.iter().cloned());
        }
        (client, server)
    }

    /// One side writes, the other reads.
    fn phase(&mut self, writer: &mut Vec<Value>, reader: &mut Vec<Value>, flow: &mut Flow) {
        if self.framed {
            return self.framed_phase(writer, reader, flow);
        }
        let cork = self.is_tcp() && self.random.percent(8);
        if cork {
            writer.push(json!({"set": {"cork": true}}));
        }
        self.burst(writer, flow);
        if cork && self.random.percent(70) {
            writer.push(json!({"set": {"cork": false}}));
        }
        // More than this may not fit anywhere, and the writer waits until it is read.
        let room = if self.tight { 1000 } else { 15_000 };
        let all = flow.most - flow.taken[0] > room;
        let mut signalled = false;
        if !all {
            match self.random.weighed(&[55, 30, 8, 7]) {
                1 => {
                    self.signals += 1;
                    let name = format!("{}{}", flow.name, self.signals);
                    writer.push(json!({ "signal": name }));
                    reader.push(json!({ "await": { "signal": name } }));
                    signalled = true;
                }
                2 if self.is_tcp() => writer.push(json!({"await": "acked"})),
                3 if self.is_tcp() => writer.push(json!({"await": "sent"})),
                _ => {}
            }
        }
        if !all && !signalled && flow.ready() > 0 && self.random.percent(35) {
            let n = self.random.within(1, flow.ready().min(1000));
            reader.push(json!({ "await": { "queued": n } }));
        }
        self.reads(reader, flow, all);
    }

    fn burst(&mut self, writer: &mut Vec<Value>, flow: &mut Flow) {
        if self.random.percent(8) {
            let size = self.random.within(1, if self.tight { 10 } else { 40 });
            let times = self.random.within(10, 80);
            let send = json!({ "send": self.payload(size) });
            writer.push(json!({ "repeat": { "times": times, "steps": [send] } }));
            flow.surely += size * times;
            flow.most += size * times;
            return;
        }
        for _ in 0..self.random.within(1, 7) {
            let size = self.size();
            let payload = self.payload(size);
            flow.most += size;
            if self.random.percent(7) {
                // How much of it is taken is the kernel's affair.
                writer.push(json!({ "send_some": payload }));
            } else {
                let step = if self.random.percent(92) {
                    "send"
                } else {
                    "send_loop"
                };
                writer.push(json!({ step: payload }));
                flow.surely += size;
            }
            if self.random.percent(4) {
                writer.push(json!({"pause": "1ms"}));
            } else if self.is_tcp() && self.random.percent(4) && !self.tight && size < 2000 {
                writer.push(json!({"await": self.random.of(&["sent", "acked"])}));
            }
        }
    }

    /// Reads some of what is surely there, or all of it.
    fn reads(&mut self, reader: &mut Vec<Value>, flow: &mut Flow, all: bool) {
        let ready = flow.ready();
        if ready == 0 {
            return;
        }
        if all || self.random.percent(30) {
            let size = self
                .random
                .of(&[3, 16, 100, 1024, 4096, 65_536])
                .max(ready / 50);
            reader.push(if self.random.percent(50) {
                json!({ "recv_exact": ready })
            } else {
                json!({ "recv_loop": { "size": size, "until": ready } })
            });
            flow.take(ready, ready);
            return;
        }
        for _ in 0..self.random.within(0, 5) {
            if flow.ready() == 0 {
                return;
            }
            let sizes = [1, 2, 3, 5, 8, 13, 40, 100, 1024, 4096];
            let size = self.random.of(&sizes);
            reader.push(json!({ "recv": size }));
            flow.take(1, size);
            if self.random.percent(4) {
                reader.push(json!({"pause": "1ms"}));
            }
        }
    }

    /// Messages in frames, of which some or all are read; now and then one without a frame.
    fn framed_phase(&mut self, writer: &mut Vec<Value>, reader: &mut Vec<Value>, flow: &mut Flow) {
        for _ in 0..self.random.within(1, 5) {
            let size = self.size().min(20_000);
            let mut frame = json!({ "payload": self.payload(size) });
            if self.random.percent(25) {
                let cut = self.random.within(1, size + 3);
                frame["cut"] = json!([cut]);
            }
            if self.random.percent(2) {
                writer.push(json!({ "send": self.payload(size) }));
            } else {
                writer.push(json!({ "send_frame": frame }));
                flow.frames += 1;
            }
            flow.most += size + 4;
        }
        let room = if self.tight { 1000 } else { 15_000 };
        let all = flow.most - flow.taken[0] > room;
        let count = if all || self.random.percent(60) {
            flow.frames
        } else {
            self.random.within(0, flow.frames)
        };
        if count > 0 {
            let mut size = || self.random.of(&[3, 4, 9, 64, 1024, 4096]);
            let first = size();
            let sizes = [first, size().max(64)];
            reader.push(json!({ "recv_frames": { "count": count, "sizes": sizes } }));
            flow.frames -= count;
        }
        if all {
            flow.taken[0] = flow.most;
        }
    }

    /// How a connection ends.
    fn end(&mut self, client: &mut Vec<Value>, server: &mut Vec<Value>, to: &Flow, back: &Flow) {
        let size = self.random.of(&[3, 64, 1024, 65_536]);
        let drain = json!({ "recv_until_end": size.max((to.most + back.most) / 100 + 1) });
        match self.random.weighed(&[45, 20, 15, 8, 6, 6]) {
            // The client ends its half; the server reads on to the end, and so does the client.
            0 => {
                client.push(json!("shutdown"));
                server.push(drain.clone());
                server.push(json!("shutdown"));
                client.push(drain);
            }
            // The client just goes.
            1 => server.push(drain),
            // The server goes first.
            2 => client.push(json!({ "try": drain })),
            // The reader waits for the end before it reads.
            3 if self.is_tcp() && !self.tight => {
                client.push(json!("shutdown"));
                server.push(json!({ "await": { "state": "CLOSE_WAIT" } }));
                server.push(drain);
            }
            4 if self.is_tcp() => {
                client.push(json!("abort"));
                server.push(json!({ "try": drain }));
            }
            // Whatever was not read stays unread.
            _ => {}
        }
    }

    fn records(&mut self, clients: u64) -> (Vec<Value>, Vec<Value>) {
        let (mut client, mut part, mut server) = (Vec::new(), vec![json!("accept")], Vec::new());
        for _ in 0..self.random.within(1, 3) {
            let sends = self.random.within(1, 6);
            for _ in 0..sends {
                let size = self.random.within(1, 300);
                client.push(json!({ "send": self.payload(size) }));
            }
            for _ in 0..self.random.within(0, sends) {
                part.push(json!({ "recv": self.random.of(&[3, 40, 1024]) }));
            }
        }
        part.push(json!("close"));
        for _ in 0..clients {
            server.extend(part.iter().cloned());
        }
        (client, server)
    }

    fn datagrams(&mut self, clients: u64) -> (Vec<Value>, Vec<Value>) {
        let (mut client, mut server) = (Vec::new(), Vec::new());
        let may_drop = self.over == "udp";
        if self.tight && may_drop {
            server.push(json!({"set": {"recv_buffer": self.random.within(1, 6000)}}));
        }
        let sends = self.random.within(1, if may_drop { 8 } else { 4 });
        let connects = self.random.percent(20);
        if connects {
            client.push(json!("connect"));
        }
        let alike = self.payload(3);
        for _ in 0..sends {
            let size = self.random.within(u64::from(!may_drop), 500);
            let own = self.payload(size);
            let payload = if self.random.percent(25) {
                alike.clone()
            } else {
                own
            };
            client.push(json!({ if connects { "send" } else { "sendto" }: payload }));
        }
        if self.random.percent(50) {
            client.push(json!({"signal": "all"}));
            server.push(json!({"await": {"signal": "all"}}));
        }
        let size = self.random.of(&[2, 100, 1024]);
        let reads = if self.tight {
            1
        } else {
            self.random.within(1, sends * clients)
        };
        for _ in 0..reads {
            server.push(json!({ "recvfrom": size }));
        }
        if clients == 1 && self.random.percent(40) {
            for _ in 0..self.random.within(1, 3) {
                let size = self.random.within(1, 400);
                server.push(json!({ "sendto": self.payload(size) }));
                client.push(json!({ if connects { "recv" } else { "recvfrom" }: 1024 }));
            }
        } else if may_drop && self.random.percent(60) {
            server.push(json!({ "recvfrom_rest": size }));
        }
        (client, server)
    }
}
