"""When messages came, for the drivers beside this file: retransmissions have a schedule.

Timers never fire early, so each arrival is held against its earliest instant, counted from before the request
was sent; a busy machine makes everything later, so the other side is generous.

SPDX-License-Identifier: MIT
"""
import time

from answer import check

SLACK = 1.5  # seconds


class Timeline:
    """Sends what begins it, then notes what comes that is wanted."""

    def __init__(self, caller, begin):
        self.caller = caller
        self.began = time.monotonic()
        begin()
        self.messages = []
        self.instants = []  # seconds since the beginning

    def note(self, wanted, seconds=None, count=None):
        """Until so many seconds since the beginning have gone, or so many wanted messages have come."""
        while count is None or len(self.messages) < count:
            left = 10 if seconds is None else self.began + seconds - time.monotonic()
            if left <= 0:
                return self
            try:
                message = self.caller.receive(left)
            except TimeoutError:
                check(seconds is not None, f"only {len(self.messages)} of {count} messages came")
                return self
            if wanted(message):
                self.messages.append(message)
                self.instants.append(time.monotonic() - self.began)
        return self


def schedule(t1, t2, lifetime):
    """The instants of retransmissions: timers E and G of RFC 3261, and the 2xx of its section 13.3.1.4."""
    instants, interval = [t1], t1
    while instants[-1] < lifetime:
        interval = min(2 * interval, t2)
        instants.append(instants[-1] + interval)
    return [instant for instant in instants if instant < lifetime]


def check_retransmissions(timeline, t1, t2, lifetime, what, first=0.0):
    """The first message came not before `first`, the others by the schedule from there; all are one message."""
    due = schedule(t1, t2, lifetime)
    again = timeline.instants[1:]
    check(len(due) // 2 <= len(again) <= len(due), f"{what}: {len(again)} times instead of {len(due)}")
    for number, (instant, offset) in enumerate(zip(timeline.instants, [0.0, *due])):
        late = instant - first - offset
        check(0 <= late <= SLACK, f"{what}: number {number} came {late:.3f} s after it was due")
    check(len({message.octets for message in timeline.messages}) == 1, f"{what}: not the same message each time")
