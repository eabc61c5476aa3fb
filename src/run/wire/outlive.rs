//! A socket that closes after this process has ended.
//!
//! Before a packet socket goes, the kernel waits until no processor can still be at work for it, and
//! with a ring it waits twice: some 20 ms at the end of a run, with nothing left to do but to wait.
//! So the socket is also held by a process that does nothing else, ends when this one has ended, and
//! does that waiting where nobody waits for it.
#![allow(
    unsafe_code,
    reason = "a process that holds a socket and runs nothing has to be forked"
)]

use std::io::{self, PipeWriter};
use std::os::fd::AsRawFd;

use socket2::Socket;

/// This process's end of a pipe. The other process ends when it is closed, by whatever ends this one.
pub(super) struct Outlived {
    _open: PipeWriter,
}

/// Has the socket held open by another process until this one ends.
pub(super) fn outlive(socket: &Socket) -> io::Result<Outlived> {
    let (ended, open) = io::pipe()?;
    let (socket, ended) = (socket.as_raw_fd(), ended.as_raw_fd());
    // SAFETY: the child takes no memory and no lock: it makes system calls, all of them safe after a
    // fork (signal-safety(7)), and ends without coming back from here.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => unsafe {
            // What is typed in this terminal is not for it, and whoever reads the program's output
            // or waits for its end must not find it holding anything else.
            libc::setsid();
            libc::dup2(socket, 0);
            libc::dup2(ended, 1);
            // Not every C library has a function for it.
            if libc::syscall(libc::SYS_close_range, 2, libc::c_uint::MAX, 0) != 0 {
                // Before Linux 5.9; this process has opened no others yet.
                for fd in 2..1024 {
                    libc::close(fd);
                }
            }
            let mut byte = 0_u8;
            while libc::read(1, (&raw mut byte).cast(), 1) < 0
                && *libc::__errno_location() == libc::EINTR
            {}
            libc::_exit(0)
        },
        _ => Ok(Outlived { _open: open }),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use socket2::{Domain, Type};

    use super::*;

    #[test]
    fn it_stays_open_until_the_process_that_asked_has_ended() {
        let (socket, mut peer) = Socket::pair(Domain::UNIX, Type::STREAM, None).unwrap();
        let outlived = outlive(&socket).unwrap();
        drop(socket);
        peer.set_nonblocking(true).unwrap();
        let still_open = peer.read(&mut [0]).unwrap_err();
        assert_eq!(still_open.kind(), io::ErrorKind::WouldBlock);
        peer.set_nonblocking(false).unwrap();
        // As the end of this process would do it.
        drop(outlived);
        assert_eq!(peer.read(&mut [0]).unwrap(), 0, "the end of the stream");
    }
}
