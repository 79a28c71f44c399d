// JsSIP on Node as a web phone: calls a URI over a WebSocket, holds, resumes, sends DTMF and hangs up; one JSON line an
// event on standard output. Its peer connection is a description alone: no ICE, no DTLS, no sound.
// SPDX-License-Identifier: MIT
import { WebSocket } from "ws";

class PeerConnection extends EventTarget {
  constructor() {
    super();
    this.version = 0;
    this.signalingState = "stable";
    this.iceConnectionState = "connected";
    this.iceGatheringState = "complete";
  }
  description(type) {
    this.version += 1;
    return Promise.resolve({ type, sdp: `v=0\r\no=- 7 ${this.version} IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\n`
      + "t=0 0\r\nm=audio 4000 RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n" });
  }
  createOffer() { return this.description("offer"); }
  createAnswer() { return this.description("answer"); }
  setLocalDescription(description) {
    this.localDescription = description;
    this.signalingState = description.type === "offer" ? "have-local-offer" : "stable";
    return Promise.resolve();
  }
  setRemoteDescription(description) {
    this.remoteDescription = description;
    this.signalingState = description.type === "offer" ? "have-remote-offer" : "stable";
    return Promise.resolve();
  }
  getSenders() { return []; }
  getReceivers() { return []; }
  getTransceivers() { return []; }
  addTrack() {}
  close() { this.signalingState = "closed"; }
}
globalThis.window = globalThis;
globalThis.WebSocket = WebSocket;
globalThis.RTCPeerConnection = PeerConnection;
globalThis.RTCSessionDescription = class { constructor(of) { Object.assign(this, of); } };

const { default: JsSIP } = await import("jssip");
if (process.env.VERBOSE === "1") JsSIP.debug.enable("JsSIP:*");
const [server, target, stay] = process.argv.slice(2);
const tell = (event, fields = {}) => console.log(JSON.stringify({ event, ...fields }));
const agent = new JsSIP.UA({ sockets: [new JsSIP.WebSocketInterface(server)], uri: "sip:alice@example.com", register: false,
                             authorization_user: "alice", password: "wonderland" });
await new Promise((done) => {
  agent.on("connected", done);
  agent.start();
});
tell("connected");
const session = agent.call(target, { mediaConstraints: { audio: false, video: false } });
let remote = "";
session.on("sdp", ({ originator, sdp }) => { if (originator === "remote") remote = sdp; });
session.on("progress", ({ response }) => tell("progress", { status: response.status_code }));
const over = new Promise((done) => {
  session.on("failed", ({ cause, message }) => done(tell("failed", { cause, status: message?.status_code })));
  session.on("ended", ({ originator, cause }) => done(tell("ended", { by: originator, cause })));
});
const up = new Promise((done) => session.on("confirmed", () => done(true)));
if (await Promise.race([up, over])) {
  tell("confirmed");
  const direction = () => /a=(sendrecv|recvonly|sendonly|inactive)/.exec(remote)?.[1];
  await new Promise((done) => session.hold({}, done));
  tell("held", { remote: direction() });
  await new Promise((done) => session.unhold({}, done));
  tell("resumed", { remote: direction() });
  await new Promise((done) => {
    session.on("newInfo", ({ info }) => {
      info.on("succeeded", () => done(tell("dtmf")));
      info.on("failed", ({ response }) => done(tell("refused", { status: response.status_code })));
    });
    session.sendInfo("application/dtmf-relay", "Signal=5\r\nDuration=100");
  });
  if (stay !== "stay") session.terminate();
}
await over;
agent.stop();
setTimeout(() => process.exit(0), 200);
