//! The steps of the lab language, a row each: where a step may stand, and what it is in the plan.

use std::ops::RangeInclusive;

use super::Resolved;
use super::side::{Line, Resolver, actors};
use crate::event::{Barrier, NumberPlace, Payload, Side, Size};
use crate::lab::error::nearest;
use crate::lab::fault::{Elsewhere, InsteadOfTcp, Lacks, LineFault, RunFault};
use crate::lab::file::{self, Options, RecvLoop, Step};
use crate::scenario::{
    Answer, How, Interpret, Life, Op, Reading, Stop, Then, Wait, What, Writes, Writing,
};

/// What the kernel takes for `TCP_MAXSEG` (tcp(7)); the schema says the same.
const MAX_SEGMENT: RangeInclusive<u32> = 88..=32767;

/// What a step needs of the transport and of the steps before it.
#[derive(Clone, Copy)]
enum Needs {
    /// A stream of bytes, connected.
    Stream,
    /// A connection, or a datagram socket with one peer.
    Peer,
    /// A connection that one side makes and the other accepts.
    Connection,
    /// A datagram socket that has not been connected to one peer.
    NoPeer,
}

impl Resolver<'_> {
    /// The operation that a step is, if it can stand in this run.
    pub(super) fn op(&self, step: &Step) -> Resolved<Op> {
        use Needs::{Connection, NoPeer, Peer, Stream};
        // Where a step has not what it needs, another one stands for it.
        let needs = |needs, instead| self.check_needs(step, needs, instead);
        let over = |kind, instead, op| needs(kind, instead).map(|_| op);
        Ok(match step {
            Step::Connect => Op::Socket(Life::Connect),
            Step::Accept => over(Connection, "recvfrom", Op::Socket(Life::Accept))?,
            Step::Listen(options) => {
                self.check_options(options)?;
                over(Connection, "recvfrom", Op::Socket(Life::Listen(*options)))?
            }
            Step::StopListening => over(Connection, "close", Op::Socket(Life::StopListening))?,
            Step::Shutdown => over(Connection, "close", Op::Socket(Life::Shutdown))?,
            Step::Close => Op::Socket(Life::Close),
            Step::Abort => {
                self.check_is_tcp("abort", InsteadOfTcp::Close)?;
                Op::Socket(Life::Abort)
            }
            Step::Set(options) => self.check_options(options)?.set(options)?,
            Step::Send(payload) => needs(Peer, "sendto")?.send(payload, How::Whole),
            Step::Sendto(payload) => needs(NoPeer, "send")?.send(payload, How::Whole),
            Step::SendSome(payload) => needs(Stream, "sendto")?.send(payload, How::Some),
            Step::SendLoop(payload) => needs(Stream, "sendto")?.send(payload, How::Loop),
            Step::SendFrame(frame) => needs(Stream, "sendto")?.send_frame(frame)?,
            Step::SendAnswer => answer(Answer::Bare),
            Step::SendAnswerSize(form) => answer(Answer::Size(form.clone())),
            Step::SendAnswerFrame(frame) => {
                let framing = needs(Stream, "send_answer")?.framing(frame.framing)?;
                answer(Answer::Frame(framing, frame.clone()))
            }
            Step::SendFile(file) => Op::SendFile(needs(Stream, "sendto")?.file_out(file)?),
            Step::Recv(n) => over(Peer, "recvfrom", read(*n, Stop::Once, Then::Keep))?,
            Step::Recvfrom(n) => over(NoPeer, "recv", read(*n, Stop::Once, Then::Keep))?,
            Step::RecvExact(n) => {
                let exactly = read(*n, Stop::Loop(RecvLoop::exactly(*n)), Then::Keep);
                over(Stream, "recvfrom", exactly)?
            }
            Step::RecvLoop(rules) => {
                let looped = read(rules.size, Stop::Loop(*rules), Then::Keep);
                over(Stream, "recvfrom", looped)?
            }
            Step::RecvFrames(frames) => needs(Stream, "recvfrom")?.recv_frames(frames)?,
            Step::RecvUntilEnd(n) => {
                over(Connection, "recvfrom_rest", read(*n, Stop::End, Then::Drop))?
            }
            Step::RecvText(text) => {
                let then = Then::Decode(text.encoding, text.errors);
                over(Stream, "recvfrom", read(text.size, Stop::End, then))?
            }
            Step::Echo(echo) => read(echo.size, Stop::End, Then::Echo(echo.clone())),
            Step::RecvfromRest(n) => {
                let reads = read(*n, Stop::AllSent, Then::Drop);
                over(NoPeer, "recv_until_end", reads)?
            }
            Step::RecvFile(file) => Op::RecvFile(needs(Stream, "recvfrom")?.file_in(file)?),
            Step::Pause(span) => Op::Wait(Wait::For(span.0)),
            Step::Await(barrier) => self.wait(barrier)?,
            Step::States(ends) => {
                self.check_is_tcp("states", InsteadOfTcp::Nothing)?;
                Op::Wait(Wait::States(*ends))
            }
            Step::Signal(name) => Op::Signal(name.clone()),
            Step::Pack(pack) => Op::Interpret(Interpret::Pack(*pack)),
            Step::Unpack(layout) => Op::Interpret(Interpret::Unpack(*layout)),
            Step::ParseSize(form) => {
                Op::Interpret(Interpret::Parse(NumberPlace::Form(form.clone())))
            }
            Step::ParseJson(key) => Op::Interpret(Interpret::Parse(NumberPlace::Key(key.clone()))),
            Step::Decode(encoding) => Op::Interpret(Interpret::Decode(*encoding)),
            Step::RunCommand => self.run_command()?,
            Step::Try(inner) => self.op(inner)?,
            Step::Repeat(_) => {
                return self.error(RunFault::RepeatTried);
            }
        })
    }

    /// Whether the transport, and what the socket has been made into, can do the step.
    fn check_needs(&self, step: &Step, needs: Needs, instead: &'static str) -> Resolved<&Self> {
        let over = self.transport;
        let connects = over.has_connections();
        let lacks = match needs {
            Needs::Stream if over.keeps_edges() && connects => Lacks::StreamButConnected,
            Needs::Stream if over.keeps_edges() => Lacks::Stream,
            Needs::Connection if !connects => Lacks::Connection,
            Needs::Peer if !connects && self.line == Line::Never => Lacks::Peer(self.side()),
            Needs::NoPeer if connects => Lacks::Datagrams,
            Needs::NoPeer if self.line == Line::Open => Lacks::NoPeer,
            _ => return Ok(self),
        };
        let step = step.name();
        self.error(RunFault::Unable {
            step,
            over,
            lacks,
            instead,
        })
    }

    fn check_is_tcp(&self, what: &'static str, instead: InsteadOfTcp) -> Resolved<&Self> {
        let over = self.transport;
        if over.is_tcp() {
            return Ok(self);
        }
        self.error(RunFault::OnlyTcp {
            what,
            over,
            instead,
        })
    }

    /// Whether these options are none that only TCP has, where the run is not over TCP.
    fn check_options(&self, options: &Options) -> Resolved<&Self> {
        let only_tcp = [
            (options.nodelay.is_some(), "nodelay"),
            (options.cork.is_some(), "cork"),
            (options.quickack.is_some(), "quickack"),
            (options.max_segment.is_some(), "max_segment"),
        ];
        match only_tcp.into_iter().find(|(is_set, _)| *is_set) {
            Some((_, option)) => self.check_is_tcp(option, InsteadOfTcp::NoOption),
            None => Ok(self),
        }
    }

    fn send(&self, payload: &Payload, how: How) -> Op {
        let what = What::Bytes(Writes::bare(payload.bytes(self.round)));
        Op::Write(Writing { what, how })
    }

    fn set(&self, options: &Options) -> Resolved<Op> {
        if options.quickack.is_some() && !self.is_open() {
            let opens = match self.side() {
                Side::Client => "connect",
                Side::Server => "accept",
            };
            return self.error(RunFault::Line(LineFault::QuickackEarly { opens }));
        }
        if let Some(bytes) = options.max_segment
            && !MAX_SEGMENT.contains(&bytes)
        {
            let (least, most) = MAX_SEGMENT.into_inner();
            return self.error(RunFault::MaxSegment { bytes, least, most });
        }
        Ok(Op::Set(*options))
    }

    fn wait(&self, barrier: &Barrier) -> Resolved<Op> {
        let queued = InsteadOfTcp::Queued;
        match barrier {
            Barrier::State(_) => drop(self.check_is_tcp("state", InsteadOfTcp::Signal)?),
            Barrier::Sent => drop(self.check_is_tcp("sent", queued)?),
            Barrier::Acked => drop(self.check_is_tcp("acked", queued)?),
            Barrier::Signal(name) => self.check_signal(name)?,
            Barrier::Read => self.check_is_seen_to_read("read")?,
            Barrier::Queued(_) | Barrier::Error => {}
        }
        Ok(Op::Wait(Wait::Until(barrier.clone())))
    }

    fn run_command(&self) -> Resolved<Op> {
        if self.commands.known.is_empty() {
            return self.error(RunFault::NoCommands);
        }
        Ok(Op::Interpret(Interpret::Run(self.commands.clone())))
    }

    /// What the other side has read is known only if it is the lab's.
    pub(super) fn check_is_seen_to_read(&self, word: &'static str) -> Resolved<()> {
        let Some(side) = self.run.elsewhere() else {
            return Ok(());
        };
        self.error(RunFault::Elsewhere(Elsewhere::Read { word, side }))
    }

    fn check_signal(&self, name: &str) -> Resolved<()> {
        // The server comes first; what the first client lacks is not asked of the other ones.
        let mut others: Vec<_> = actors(self.run)
            .filter(|(who, _)| *who != self.actor)
            .collect();
        others.reverse();
        let steps = others.iter().flat_map(|(_, steps)| file::each(steps));
        let names: Vec<&str> = steps
            .filter_map(|step| match step {
                Step::Signal(name) => Some(&name[..]),
                _ => None,
            })
            .collect();
        if names.contains(&name) {
            return Ok(());
        }
        let asked = others.iter().find(|((_, place), _)| *place == 0);
        let Some(((other, _), _)) = asked else {
            let other = self.side().other();
            return self.error(RunFault::Elsewhere(Elsewhere::Signal(other)));
        };
        self.error(RunFault::NeverSignals {
            side: *other,
            name: name.into(),
            near: nearest(name, names.iter().copied()).map(Into::into),
        })
    }
}

fn read(size: Size, stop: Stop, then: Then) -> Op {
    Op::Read(Reading {
        sizes: vec![size.0],
        stop,
        then,
    })
}

fn answer(form: Answer) -> Op {
    let (what, how) = (What::Answer(form), How::Whole);
    Op::Write(Writing { what, how })
}
