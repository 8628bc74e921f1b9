/// The page's script: the messages of `im.sbe.xml` with a DataView, positions, and what is not acknowledged
/// yet. What it knows is in `im`, for whoever looks.
let imScript = #"""
    "use strict";
    const asked = new URLSearchParams(location.search);
    const im = {
      user: asked.get("name") || prompt("Your name, in letters and digits:") || "somebody",
      node: null, isOpen: false, open: null, channels: {}, waiting: [], number: 0n, attempts: 0, recovered: 0,
      repeats: 0, faults: [],
    };
    const byId = id => document.getElementById(id);
    const decoder = new TextDecoder(), encoder = new TextEncoder();
    // Another one for each page: its numbers begin at 1.
    const device = crypto.getRandomValues(new BigUint64Array(1))[0];
    const own = "user:" + im.user;
    const nodes = (asked.get("nodes") || location.port).split(",");
    const SCHEMA = 29, HEADER = 8, WINDOW = 16;
    const T = { send: 1, recvAck: 2, follow: 3, read: 5, welcome: 16, sendAck: 17, recv: 18, following: 19,
      ended: 20, presence: 21, message: 32, joined: 33, marker: 34 };

    // SBE, little-endian: the header, a block of numbers, and texts behind their lengths of two bytes.
    function encode(template, numbers, texts) {
      const bytes = texts.map(text => encoder.encode(text));
      const block = numbers.reduce((sum, value) => sum + (typeof value === "bigint" ? 8 : 1), 0);
      const view = new DataView(new ArrayBuffer(
        HEADER + block + bytes.reduce((sum, text) => sum + 2 + text.length, 0)));
      [block, template, SCHEMA, 0].forEach((value, place) => view.setUint16(2 * place, value, true));
      let at = HEADER;
      for (const value of numbers) {
        if (typeof value === "bigint") { view.setBigUint64(at, value, true); at += 8; }
        else { view.setUint8(at, value); at += 1; }
      }
      for (const text of bytes) {
        view.setUint16(at, text.length, true);
        new Uint8Array(view.buffer).set(text, at + 2);
        at += 2 + text.length;
      }
      return view.buffer;
    }

    function decode(view, at) {
      const block = view.getUint16(at, true), template = view.getUint16(at + 2, true), start = at + HEADER;
      let end = start + block;
      const text = () => {
        const length = view.getUint16(end, true);
        end += 2 + length;
        return decoder.decode(new Uint8Array(view.buffer, end - length, length));
      };
      const long = place => view.getBigUint64(start + place, true);
      const byte = place => view.getUint8(start + place);
      switch (template) {
        case T.welcome: return { template, user: text(), node: text(), end };
        case T.sendAck: return { template, number: long(0), sequence: long(8), outcome: byte(16), end };
        case T.recv: {
          const [delivery, sequence, epoch, channel] = [long(0), long(8), long(16), text()];
          return { template, delivery, sequence, epoch, channel, end };
        }
        case T.following: return { template, next: long(0), epoch: long(8), channel: text(), end };
        case T.ended: return { template, cause: byte(0), channel: text(), reason: text(), end };
        case T.presence: return { template, isThere: byte(0), channel: text(), user: text(), end };
        case T.message:
          return { template, time: long(0), device: long(8), sender: text(), body: text(), end };
        case T.joined: return { template, channel: text(), end };
        case T.marker: return { template, next: long(0), channel: text(), end };
        default: throw new Error("expected a message of the schema, got template " + template);
      }
    }

    let socket = null;
    const say = (...message) => { if (im.isOpen) socket.send(encode(...message)); };

    function connect() {
      const port = nodes[im.attempts++ % nodes.length];
      const scheme = location.protocol === "https:" ? "wss:" : "ws:";
      const host = location.hostname + (port ? ":" + port : "");
      socket = new WebSocket(`${scheme}//${host}/im?token=${encodeURIComponent(im.user)}&device=${device}`);
      socket.binaryType = "arraybuffer";
      socket.onopen = () => {
        im.isOpen = true;
        im.recovered = 0;
        for (const name of Object.keys(im.channels)) follow(name);
        // What was not acknowledged is said again, in its order and under its numbers.
        for (const message of im.waiting.slice(0, WINDOW)) send(message);
        show();
      };
      socket.onmessage = event => { take(new DataView(event.data)); later(); };
      socket.onclose = () => {
        im.isOpen = false;
        for (const channel of Object.values(im.channels)) { channel.isLive = false; channel.members.clear(); }
        show();
        setTimeout(connect, byId("drop").disabled ? 3000 : 500);
      };
    }

    function follow(name) {
      const channel = im.channels[name];
      say(T.follow, [channel.next, channel.epoch, name === own ? 0 : 1], [name]);
    }

    function enter(name) {
      if (!im.channels[name]) {
        im.channels[name] = {
          next: 1n, epoch: 0n, read: 1n, messages: [], members: new Set(), isLive: false, ended: null };
        if (im.isOpen) follow(name);
      }
      return im.channels[name];
    }

    function take(view) {
      const message = decode(view, 0), channel = im.channels[message.channel];
      switch (message.template) {
        case T.welcome: im.node = message.node; break;
        case T.sendAck: acknowledged(message); break;
        case T.recv: if (channel) received(message, channel, decode(view, message.end)); break;
        case T.following:
          if (!channel) break;
          [channel.next, channel.epoch] = [message.next, message.epoch];
          channel.isLive = channel.wasLive = true;
          break;
        case T.ended:
          if (!channel) break;
          channel.ended = message.reason;
          im.faults.push(message.channel + ": " + message.reason);
          break;
        case T.presence:
          if (channel) channel.members[message.isThere ? "add" : "delete"](message.user);
          break;
      }
    }

    function received(envelope, channel, stored) {
      say(T.recvAck, [envelope.delivery], []);
      if (envelope.sequence < channel.next) { im.repeats += 1; return; }
      if (envelope.sequence > channel.next) im.faults.push(`a gap before ${envelope.sequence}`);
      channel.next = envelope.sequence + 1n;
      channel.epoch = envelope.epoch;
      if (stored.template === T.message) {
        if (!channel.isLive && channel.wasLive) im.recovered += 1;
        const isOwn = stored.device === device;
        const [sequence, sender, body] = [envelope.sequence, stored.sender, stored.body];
        channel.messages.push({ sequence, sender, body, isOwn });
        if (channel.messages.length > 500) channel.messages.shift();
      } else if (stored.template === T.joined) {
        enter(stored.channel);
      } else if (stored.template === T.marker) {
        const marked = enter(stored.channel);
        if (stored.next > marked.read) marked.read = stored.next;
      }
    }

    const send = message => say(T.send, [message.number], [message.channel, message.body]);

    function acknowledged(answer) {
      const place = im.waiting.findIndex(message => message.number === answer.number);
      if (place < 0) return;
      im.waiting.splice(place, 1);
      if (answer.outcome) im.faults.push(`message ${answer.number} was not taken: ${answer.outcome}`);
      if (im.waiting.length >= WINDOW) send(im.waiting[WINDOW - 1]);
    }

    let isDue = false;
    function later() {
      // A page that is not looked at is given no frames to draw.
      if (!isDue) setTimeout(() => { isDue = false; show(); }, 16);
      isDue = true;
    }

    // Only what is another than before is made anew: the keyboard stays where it is, and nothing is read
    // aloud twice.
    function replace(list, wanted, make) {
      wanted.forEach((what, place) => {
        const key = Object.values(what).join("\n"), old = list.children[place];
        if (old && old.dataset.key === key) return;
        const hasFocus = old && old.contains(document.activeElement);
        const item = make(what);
        item.dataset.key = key;
        if (old) old.replaceWith(item); else list.append(item);
        if (hasFocus) item.firstChild.focus();
      });
      while (list.children.length > wanted.length) list.lastChild.remove();
    }

    function part(kind, name, text) {
      const part = document.createElement(kind);
      if (name) part.className = name;
      part.textContent = text;
      return part;
    }

    function conversation({ name, unread, isOpen }) {
      const item = part("li", isOpen ? "open" : "", ""), button = part("button", "", title(name));
      item.dataset.channel = name;
      item.onclick = () => open(name);
      if (isOpen) button.setAttribute("aria-current", "true");
      if (unread) button.append(part("span", "unread", unread));
      item.append(button);
      return item;
    }

    function line({ kind, number, text }) {
      const item = part("li", kind, "");
      item.append(part("span", "number", number), part("span", "", text));
      return item;
    }

    function show() {
      byId("user").textContent = im.user;
      byId("node").textContent = im.node || "none";
      byId("state").textContent = im.isOpen ? "connected" : "not connected";
      byId("state").className = im.isOpen ? "good" : "bad";
      byId("recovery").textContent = im.faults.length ? im.faults.at(-1)
        : im.attempts > 1 && im.isOpen ? `came back: ${im.recovered} missed messages recovered;` : "";
      const names = Object.keys(im.channels).filter(name => name !== own).sort();
      const wanted = names.map(name => {
        const channel = im.channels[name], unread = channel.next - channel.read;
        return { name, unread: unread > 0n && name !== im.open ? unread : 0n, isOpen: name === im.open };
      });
      replace(byId("list"), wanted, conversation);
      if (im.open) showOpen(im.channels[im.open]);
    }

    const title = name => name.startsWith("group:") ? name.slice(6)
      : name.split(":").slice(1).find(user => user !== im.user);

    function showOpen(channel) {
      byId("title").textContent = title(im.open);
      const members = [...channel.members].sort();
      byId("members").textContent = members.length ? "here: " + members.join(", ") : "";
      const lines = channel.messages.map(message => ({
        kind: message.isOwn ? "own" : "", number: message.sequence,
        text: `${message.sender}: ${message.body}` }));
      const waiting = im.waiting.filter(message => message.channel === im.open)
        .map(message => ({ kind: "waiting", number: "", text: `${im.user}: ${message.body}` }));
      const isAtEnd = byId("heard").scrollTop + byId("heard").clientHeight >= byId("heard").scrollHeight - 40;
      replace(byId("heard"), [...lines, ...waiting], line);
      if (isAtEnd) byId("heard").scrollTop = byId("heard").scrollHeight;
      // What is on the page has been read; other devices of the user hear of it.
      if (channel.next > channel.read && channel.isLive && document.visibilityState === "visible") {
        channel.read = channel.next;
        say(T.read, [channel.next], [im.open]);
      }
    }

    function open(name) { im.open = name; enter(name); show(); }

    byId("more").onsubmit = event => {
      event.preventDefault();
      const other = byId("other").value.trim();
      byId("other").value = "";
      if (other.startsWith("group:")) open(other);
      else if (other) open("direct:" + [im.user, other].sort().join(":"));
    };
    byId("form").onsubmit = event => {
      event.preventDefault();
      const body = byId("text").value;
      byId("text").value = "";
      if (!body || !im.open) return;
      const message = { number: ++im.number, channel: im.open, body };
      im.waiting.push(message);
      if (im.waiting.length <= WINDOW) send(message);
      show();
    };
    byId("drop").onclick = () => {
      byId("drop").disabled = true;
      setTimeout(() => { byId("drop").disabled = false; }, 2900);
      socket.close();
    };

    enter(own);
    open(asked.get("open") || "group:lobby");
    connect();
    """#
