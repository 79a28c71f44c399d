// SIP.js on Node as a web phone: calls a URI over a WebSocket, holds, resumes, sends DTMF and hangs up; one JSON line an
// event on standard output. Its media is a description that it is given: no ICE, no DTLS, no sound.
// SPDX-License-Identifier: MIT
import { WebSocket } from "ws";
import { Inviter, SessionState, UserAgent, Web } from "sip.js";

globalThis.WebSocket = WebSocket;
const [server, target, stay] = process.argv.slice(2);
const tell = (event, fields = {}) => console.log(JSON.stringify({ event, ...fields }));

class Description {
  constructor() {
    this.version = 0;
    this.remote = "";
  }
  getDescription(options = {}) {
    const direction = options.hold ? "sendonly" : "sendrecv";
    this.version += 1;
    const body = `v=0\r\no=- 7 ${this.version} IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n`
      + `m=audio 4000 RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=${direction}\r\n`;
    return Promise.resolve({ body, contentType: "application/sdp" });
  }
  hasDescription(type) { return type === "application/sdp"; }
  setDescription(sdp) {
    this.remote = sdp;
    return Promise.resolve();
  }
  rollbackDescription() { return Promise.resolve(); }
  sendDtmf() { return false; }
  close() {}
}

const agent = new UserAgent({
  uri: UserAgent.makeURI("sip:alice@example.com"),
  transportConstructor: Web.Transport,
  transportOptions: { server },
  sessionDescriptionHandlerFactory: () => new Description(),
  authorizationUsername: "alice",
  authorizationPassword: "wonderland",
  logBuiltinEnabled: process.env.VERBOSE === "1",
});
await agent.start();
tell("connected");
const session = new Inviter(agent, UserAgent.makeURI(target));
const ended = new Promise((done) => session.stateChange.addListener((state) => {
  tell(state.toLowerCase());
  if (state === SessionState.Terminated) done();
}));
const established = new Promise((done) => session.stateChange.addListener((state) => {
  if (state === SessionState.Established || state === SessionState.Terminated) done();
}));
await session.invite({ requestDelegate: { onReject: ({ message }) => tell("refused", { status: message.statusCode }) } });
await established;
const direction = () => /a=(sendrecv|recvonly|sendonly|inactive)/.exec(session.sessionDescriptionHandler.remote)?.[1];
const change = (hold) => new Promise((done) => session.invite({
  sessionDescriptionHandlerOptions: { hold },
  requestDelegate: {
    onAccept: () => done(tell(hold ? "held" : "resumed", { remote: direction() })),
    onReject: ({ message }) => done(tell("refused", { status: message.statusCode })),
  },
}));
if (session.state === SessionState.Established) {
  await change(true);
  await change(false);
  const body = { contentDisposition: "render", contentType: "application/dtmf-relay", content: "Signal=5\r\nDuration=100" };
  await new Promise((done) => session.info({
    requestOptions: { body },
    requestDelegate: { onAccept: () => done(tell("dtmf")), onReject: ({ message }) => done(tell("refused", { status: message.statusCode })) },
  }));
  if (session.state === SessionState.Established && stay !== "stay") await session.bye();
}
await ended;
await agent.stop();
process.exit(0);
