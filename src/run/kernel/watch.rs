//! Sleeps until something has happened to a socket, or another thread says a word.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use nix::sys::eventfd::{EfdFlags, EventFd};
use socket2::Socket;

/// A look-out for one socket (epoll(7)).
pub(in crate::run) struct Watch {
    epoll: Epoll,
    waker: Waker,
}

/// Ends the sleep of a [`Watch`], from any thread.
#[derive(Clone)]
pub(in crate::run) struct Waker(Arc<EventFd>);

impl Watch {
    /// From here on nothing is missed.
    pub(in crate::run) fn of(socket: &Socket) -> io::Result<Self> {
        let waker = EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK)?;
        let watch = Self {
            epoll: Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?,
            waker: Waker(Arc::new(waker)),
        };
        // Edge-triggered, each arrival counts, whatever was there before; and with EPOLLOUT, which
        // nearly always holds, so does each change of the connection's state.
        let all = EpollFlags::EPOLLIN | EpollFlags::EPOLLOUT | EpollFlags::EPOLLRDHUP;
        let event = EpollEvent::new(all | EpollFlags::EPOLLET, 0);
        watch.epoll.add(socket, event)?;
        let word = EpollEvent::new(EpollFlags::EPOLLIN | EpollFlags::EPOLLET, 0);
        watch.epoll.add(&*watch.waker.0, word)?;
        Ok(watch)
    }

    pub(in crate::run) fn waker(&self) -> Waker {
        self.waker.clone()
    }

    /// Sleeps until something has happened since the last time, but not longer than this.
    pub(in crate::run) fn sleep(&self, most: Duration) -> io::Result<()> {
        // Rounded up, so that what is left of a millisecond is not spent looking.
        let most = i32::try_from(most.as_millis() + 1).unwrap_or(i32::MAX);
        let most = EpollTimeout::try_from(most).map_err(io::Error::other)?;
        match self.epoll.wait(&mut [EpollEvent::empty(); 2], most) {
            Ok(_) | Err(Errno::EINTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

impl Waker {
    pub(in crate::run) fn wake(&self) {
        // It fails only if the count is full, and then the sleeper has been woken.
        let _ = self.0.write(1);
    }
}
