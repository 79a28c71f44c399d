"""`sipring answer` asked for more than it may or can do: limits for each source, what clients are told (RFC 7339,
RFC 7415), and what is served first while the rest is refused.
SPDX-License-Identifier: MIT
"""
import re
import socket
import subprocess
import time
import urllib.request
from collections import Counter

from answer import Answer, Caller, check, program, tag_of

RETRY_AFTER = "7"
OTHER_SOURCE = "127.0.0.2"
MS = 1_000  # microseconds
TRIES = 10  # a burst that this machine was too busy for is tried again


def metrics_flags():
    """None where the program was built without: the summary has the same numbers."""
    done = subprocess.run([program(), "answer", "--listen", "udp:127.0.0.1:0", "--metrics", "127.0.0.1:0", "--duration", "1"],
                          capture_output=True, text=True, timeout=20, check=False)
    return () if "without prometheus-cpp" in done.stderr else ("--metrics", "127.0.0.1:0")


def until(fact, what, seconds=15):
    """Asks again and again, until the fact holds."""
    end = time.monotonic() + seconds
    while not fact():
        check(time.monotonic() < end, what)


def scraped_drops(url, reason):
    with urllib.request.urlopen(url, timeout=5) as reply:
        text = reply.read().decode()
    return int(float(re.search(rf'^sipring_drops_total{{.*reason="{reason}".*}} (\S+)$', text, re.M)[1]))


def check_drops(answer, **drops):
    """In the metrics while it runs, and in the summary."""
    if "metrics" in answer.start:
        for reason, count in drops.items():
            until(lambda: scraped_drops(answer.start["metrics"], reason) == count, f"metrics: {reason} is not {count}")
    summary = answer.stop()
    for reason, count in drops.items():
        for seen in (summary["drops"], summary["metrics"]["drops_total"]):
            check(seen[reason] == count, f"{reason} is not {count}: {seen}")


def establish(caller, call):
    caller.invite(call=call)
    ok = caller.final()
    check(ok.status == 200, f"call {call}: {ok.first_line}")
    caller.send("ACK", call=call, to_tag=tag_of(ok))
    return tag_of(ok)


def ask(caller, method, **parts):
    caller.send(method, **parts)
    return caller.final(method)


def check_refusal(response):
    check(response.status == 503, response.first_line)
    check(response.header("Retry-After") == RETRY_AFTER, f"Retry-After: {response.header('Retry-After')}")


def call_of(message):
    return int(re.match(r"call-(\d+)@", message.header("Call-ID"))[1])


def check_source_rate(metrics):
    """One a second, ten at once; refusals as many again; the rest is not answered."""
    flooded = 200
    flags = ("--source-rate", "1", "--turn-budget", "0", "--retry-after", RETRY_AFTER)
    with Answer(*flags, *metrics) as answer:
        began = time.monotonic()
        flood, other = Caller(answer), Caller(answer, OTHER_SOURCE)
        tag = establish(flood, 1)
        for call in range(2, 2 + flooded):
            flood.send("OPTIONS", call=call)
        answers = []
        for cseq in (2, 3):  # when the second one is answered, all answers to the flood have come
            flood.send("INFO", call=1, to_tag=tag, cseq=cseq)
            last = flood.receive_until(lambda m: answers.append(m) or m.header("CSeq") == f"{cseq} INFO")
            check(last.status == 200, f"within a dialog: {last.first_line}")
        answers = [m for m in answers if m.header("CSeq").endswith("OPTIONS")]
        refusals = [m for m in answers if m.status != 200]
        for refusal in refusals:
            check_refusal(refusal)
        served = len(answers) - len(refusals)
        most = 10 + time.monotonic() - began + 1
        print(f"source rate: of {flooded} {served} served, {len(refusals)} refused")
        check(1 <= served <= most, f"{served} served")
        check(1 <= len(refusals) <= most, f"{len(refusals)} refused")

        check(ask(flood, "OPTIONS", call=2).status == 200, "a retransmission counts as new")
        check(ask(flood, "BYE", call=1, to_tag=tag, cseq=4).status == 200, "BYE")
        establish(other, 1_000)
        check(ask(other, "OPTIONS", call=1_001).status == 200, "another source")
        check_drops(answer, source_rate=flooded - served)


def fill(caller, room):
    """Calls that stay, until there is room for no more; and how many were refused meanwhile."""
    alive, refused = [], 0
    for call in range(100, 300):
        caller.invite("silent", call)
        response = caller.receive_until(lambda m: m.status > 100 and call_of(m) == call)
        if response.status == 180:
            alive.append(call)
        else:
            check_refusal(response)
            refused += 1
            if len(alive) == room:
                return alive, refused
            caller.silence(0.05)  # the call's transaction, which lives on for 64*T1, is one of them
    check(False, f"{len(alive)} transactions alive")


def check_source_transactions(metrics):
    flags = ("--source-transactions", "4", "--turn-budget", "0", "--t1", "20", "--t4", "20", "--retry-after", RETRY_AFTER)
    with Answer(*flags, *metrics) as answer:
        full, other = Caller(answer), Caller(answer, OTHER_SOURCE)
        tag = establish(full, 1)
        alive, refused = fill(full, 4)
        for call, method in enumerate(("OPTIONS", "REGISTER", "MESSAGE"), 400):
            check_refusal(ask(full, method, call=call))
            refused += 1
        check(ask(full, "BYE", call=1, to_tag=tag, cseq=2).status == 200, "within a dialog")
        full.invite("silent", alive[0])
        check(full.receive().status == 180, "a retransmission counts as new")
        establish(other, 1_000)
        check(ask(other, "OPTIONS", call=1_001).status == 200, "another source")

        for call in alive:  # and when they end there is room again
            full.send("CANCEL", user="silent", call=call, branch=f"{call}")
            final = full.receive_until(lambda m: m.header("CSeq") == "1 INVITE" and call_of(m) == call)
            check(final.status == 487, f"cancelled: {final.first_line}")
            full.send("ACK", user="silent", call=call, branch=f"{call}", to_tag=tag_of(final))
        for call in range(500, 700):
            response = ask(full, "OPTIONS", call=call)
            if response.status == 200:
                break
            check_refusal(response)
            refused += 1
            full.silence(0.05)
        check(response.status == 200, "no room after the calls' end")
        print(f"source transactions: {len(alive)} alive, {refused} refused")
        check_drops(answer, source_transactions=refused)


def via_parameters(response):
    names = {}
    for parameter in response.header("Via").split(";")[1:]:
        name, _, value = parameter.partition("=")
        check(name not in names, f"{name} twice: {response.header('Via')}")
        names[name] = value
    return names


class Advice:
    """RFC 7339 section 4: what a response says about overload; each of the four is there."""

    def __init__(self, response, algorithm):
        names = via_parameters(response)
        form = response.header("Via")
        check(names["oc-algo"] == f'"{algorithm}"', form)
        check(re.fullmatch(r"\d{1,12}\.\d{1,5}", names["oc-seq"]), form)
        self.validity = int(names["oc-validity"])
        self.value = int(names["oc"])
        self.made = tuple(map(int, names["oc-seq"].split(".")))
        if self.validity == 0:
            check(self.value == 0, form)
        elif algorithm == "loss":
            check(self.validity == 500 and 1 <= self.value <= 100, form)
        else:
            check(self.validity == 500 and 1 <= self.value <= 10_000, form)


def says_nothing(response):
    """What came in the request goes back as it was: an "oc" without a value (section 4.1)."""
    names = via_parameters(response)
    return not names.get("oc") and "oc-validity" not in names and "oc-seq" not in names


def answer_to(caller, call, look, seconds=0.5):
    """None when nothing comes: an overloaded shard leaves some unread. `look` is shown what else came."""
    caller.send("OPTIONS", call=call)
    try:
        return caller.receive_until(lambda m: look(m) or call_of(m) == call, seconds)
    except TimeoutError:
        return None


def advice_after_flood(callers, algorithm, calls):
    """What the first caller is told from the first word of overload to that of its end; nothing when there is none."""
    for _ in range(100):
        for caller in callers:
            caller.send("OPTIONS", call=next(calls))
    told, flooded = [], time.monotonic()
    while not told or told[-1].validity != 0:
        since = time.monotonic() - flooded
        check(since < 20, "overload does not end")
        response = answer_to(callers[0], next(calls), lambda m: check_told(m, algorithm))
        if response is None:
            continue
        advice = Advice(response, algorithm)
        if told or advice.validity != 0:
            told.append(advice)
        elif since > 3:
            break
    return told


def check_told(response, algorithm):
    if response.status == 503:  # section 5.10.2
        check(response.header("Retry-After") is None, "Retry-After for a client that is told how much to send")
    if algorithm is None:
        check(says_nothing(response), f"told without having asked: {response.header('Via')}")
    else:
        Advice(response, algorithm)


def check_overload_control(preferred, metrics):
    flags = ("--overload-control", preferred, "--turn-budget", "20", "--work", str(5 * MS))
    with Answer(*flags, *metrics) as answer:
        knows_both = Caller(answer, via=';oc;oc-algo="loss,rate"')
        knows_loss = Caller(answer, OTHER_SOURCE, via=';oc;oc-algo="loss"')
        knows_nothing = Caller(answer, OTHER_SOURCE)
        knows_others = Caller(answer, OTHER_SOURCE, via=';oc;oc-algo="token"')  # section 5.1: loss must be there
        callers = (knows_both, knows_loss, knows_nothing, knows_others)
        algorithms = (preferred, "loss", None, None)
        calls = iter(range(1, 100_000))
        for caller, algorithm in zip(callers, algorithms):
            response = ask(caller, "OPTIONS", call=next(calls))
            check(response.status == 200, response.first_line)
            check_told(response, algorithm)
            if algorithm is not None:
                check(Advice(response, algorithm).validity == 0, "overload, they say")
        for _ in range(TRIES):
            told = advice_after_flood(callers, preferred, calls)
            if told:
                break
        check(told, "nobody was told of overload")
        print(f"{preferred}: oc was {list(dict.fromkeys(advice.value for advice in told))}")
        for before, after in zip(told, told[1:]):
            check(before.made <= after.made, "oc-seq goes back")
            check(before.value == after.value or before.made < after.made, "another value of the same oc-seq")
        for caller, algorithm in zip(callers[1:], algorithms[1:]):
            seen = take_all(caller)
            check(any(response.status == 503 for response in seen), "a caller was not refused at all")
            for response in seen:
                check_told(response, algorithm)
        summary = answer.stop()
        check(summary["drops"]["turn_budget"] > 0, f"{summary['drops']}")


def take_all(caller):
    """What has come."""
    messages = []
    try:
        while True:
            messages.append(caller.receive(0))
    except BlockingIOError:
        return messages


class Burst:
    """More than there is time for, and what matters most behind all else."""

    def __init__(self, caller, tag, number):
        first = 10_000 * number
        self.kinds = {}
        self.answered = Counter()
        for i in range(64):  # until the shard has noticed, it serves as they come
            self.send(caller, "question", "OPTIONS", call=first + i)
        for i in range(100, 130):
            self.send(caller, "registration", "REGISTER", call=first + i)
        for i in range(200, 280):
            self.send(caller, "call", "INVITE", user="silent", call=first + i)
        self.send(caller, "emergency", "MESSAGE", call=first + 300, extra=["Resource-Priority: esnet.0"])
        self.send(caller, "service", "MESSAGE", call=first + 301)
        self.send(caller, "dialog", "INFO", call=1, to_tag=tag, cseq=first)

    def send(self, caller, kind, method, **parts):
        octets = caller.request(method, **parts)
        if kind == "service":
            octets = octets.replace(b"sip:bob@127.0.0.1", b"urn:service:sos.police", 1)
        self.kinds[parts["call"]] = kind
        caller.socket.sendto(octets, caller.target)

    def take(self, messages):
        for message in messages:
            if message.status == 100 or message.header("CSeq") == "1 INVITE" and call_of(message) == 1:
                continue
            if message.status == 503:
                check_refusal(message)
            self.answered[self.kinds[call_of(message)], message.status] += 1

    def is_as_it_should_be(self):
        """An application without emergency services says 416 (RFC 3261 section 8.2.2.1), but says it."""
        seen = self.answered
        return (seen["dialog", 200] == seen["emergency", 200] == seen["service", 416] == 1 and
                seen["call", 180] > 0 and seen["call", 503] > 0 and seen["registration", 200] == 0)

    def count(self, status):
        return sum(count for (_, answered), count in self.answered.items() if answered == status)


def check_turn_budget(metrics):
    flags = ("--turn-budget", "100", "--work", str(4 * MS), "--retry-after", RETRY_AFTER)
    with Answer(*flags, *metrics) as answer:
        caller, other = Caller(answer), Caller(answer, OTHER_SOURCE)
        caller.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        tag = establish(caller, 1)
        sent = answered = refused = 0
        for number in range(1, 1 + TRIES):
            burst = Burst(caller, tag, number)
            served = 0
            for call in range(1, 100):  # until it is over, and a turn more
                seen = []
                response = answer_to(other, call + 100 * number, seen.append, 1)
                sent, answered = sent + 1, answered + len(seen)
                refused += sum(message.status == 503 for message in seen)
                served += response is not None and response.status == 200
                if served == 2:
                    break
            burst.take(take_all(caller))
            sent += len(burst.kinds)
            answered += burst.answered.total()
            refused += burst.count(503)
            if burst.is_as_it_should_be():
                break
        print(f"turn budget, burst {number}: {dict(burst.answered)}")
        check(burst.is_as_it_should_be(), "what matters most is not served first")
        check(ask(caller, "BYE", call=1, to_tag=tag, cseq=1_000_000).status == 200, "BYE")
        check_drops(answer, turn_budget=refused, unread=sent - answered)


def main():
    metrics = metrics_flags()
    check_source_rate(metrics)
    check_source_transactions(metrics)
    check_overload_control("loss", metrics)
    check_overload_control("rate", metrics)
    check_turn_budget(metrics)


main()
