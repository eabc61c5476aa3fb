//! Socket options, and the socket that listens once more.

use super::program::Program;
use crate::lab::file::Options;

impl Program<'_> {
    pub(super) fn set(&mut self, options: &Options) {
        let Options {
            nodelay,
            cork,
            quickack,
            send_buffer,
            recv_buffer,
            max_segment,
            recv_timeout,
            send_timeout,
            reuse_address,
        } = *options;
        // In the order in which the lab sets them.
        self.option("SOL_SOCKET", "SO_REUSEADDR", reuse_address.map(u32::from));
        self.option("SOL_SOCKET", "SO_SNDBUF", send_buffer);
        self.option("SOL_SOCKET", "SO_RCVBUF", recv_buffer);
        if let Some(span) = recv_timeout.or(send_timeout) {
            self.put("timeout", &[("seconds", &span.0.as_secs_f64())]);
        }
        self.option("IPPROTO_TCP", "TCP_MAXSEG", max_segment);
        self.option("IPPROTO_TCP", "TCP_NODELAY", nodelay.map(u32::from));
        if let Some(on) = cork {
            self.put("cork", &[("value", &u32::from(on))]);
        }
        if let Some(on) = quickack {
            self.put("quickack", &[("value", &u32::from(on))]);
            self.quickack = Some(on);
        }
    }

    fn option(&mut self, level: &str, option: &str, value: Option<u32>) {
        if let Some(value) = value {
            self.put(
                "option",
                &[("level", &level), ("option", &option), ("value", &value)],
            );
        }
    }

    /// Writes a socket that listens where the first one did.
    pub(super) fn listen(&mut self, options: &Options) {
        let has_met_client = std::mem::replace(&mut self.has_met_client, false);
        self.around("listen_again", &[], |program| program.set(options));
        self.has_met_client = has_met_client;
    }
}
