/// The page that a browser is served at `/`. What was heard is a list, newest last; `?name=` and `?room=` in
/// the address say who comes and where to.
let chatPage = #"""
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="data:,">
    <title>Chat</title>
    <style>
      :root { --page: #f4f5f7; --card: #fff; --line: #d5d9e0; --text: #1b1f27; --faint: #5d6675;
        --own: #e2edf9; --focus: #1a5fb4; --good: #14743a; --bad: #b3261e; --light: 30%; }
      @media (prefers-color-scheme: dark) {
        :root { --page: #0e1116; --card: #161b22; --line: #323a46; --text: #e7ebf1; --faint: #98a3b3;
          --own: #1d3350; --focus: #79b8ff; --good: #4cc38a; --bad: #ff7b72; --light: 72%; }
      }
      * { box-sizing: border-box; }
      body { font: 16px/1.45 system-ui, sans-serif; margin: 0 auto; padding: .75rem; max-width: 46rem;
        height: 100dvh; display: flex; flex-direction: column; gap: .6rem;
        background: var(--page); color: var(--text); }
      header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .2rem .8rem; }
      h1 { font-size: 1.2rem; margin: 0; overflow-wrap: anywhere; }
      #state { font-size: .85rem; font-weight: 600; padding: 0 .55rem;
        border: 1px solid; border-radius: 1rem; }
      .good { color: var(--good); } .bad { color: var(--bad); }
      p { margin: 0; color: var(--faint); font-size: .85rem; }
      code { background: var(--card); border: 1px solid var(--line); border-radius: 4px; padding: 0 .25em; }
      #heard { flex: 1; overflow-y: auto; list-style: none; margin: 0; padding: .5rem .75rem; min-height: 0;
        background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
      #heard li { padding: .2rem .4rem; border-radius: 6px; overflow-wrap: anywhere; display: flex; }
      #heard li::before { content: attr(data-time); color: var(--faint); font-size: .75rem;
        font-variant-numeric: tabular-nums; flex: none; width: 3.4rem; padding-top: .25rem; }
      #heard b { color: hsl(var(--hue) 60% var(--light)); } #heard .own { background: var(--own); }
      #heard .told { color: var(--faint); font-size: .9rem; }
      form { display: flex; gap: .5rem; }
      input { flex: 1; min-width: 0; } input, button { font: inherit; color: inherit; background: var(--card);
        border: 1px solid var(--line); border-radius: 8px; padding: .45rem .8rem; }
      button { cursor: pointer; font-weight: 600; }
      :focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
    </style>
    <header>
      <h1 id="room">Chat</h1><span id="state" role="status" class="bad">connecting</span>
      <p><code>/name NAME</code> <code>/join ROOM</code> <code>/who</code></p>
    </header>
    <ul id="heard" role="log" aria-live="polite" aria-label="what was said" tabindex="0"></ul>
    <form id="form">
      <input id="text" aria-label="message" placeholder="Say something" autocomplete="off" autofocus
        maxlength="1000">
      <button>Say</button>
    </form>
    <script>
      const byId = id => document.getElementById(id), heard = byId("heard"), text = byId("text");
      const asked = new URLSearchParams(location.search);
      let name = asked.get("name") || "somebody", room = asked.get("room") || "lobby", attempts = 0, socket;

      // The same colour for the same name, everywhere.
      const hue = name => [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7);

      function show(line) {
        const item = document.createElement("li"), words = document.createElement("span");
        item.dataset.time = new Date().toTimeString().slice(0, 5);
        const place = line.startsWith("* ") ? -1 : line.indexOf(": ");
        if (place > 0) {
          const who = document.createElement("b");
          who.textContent = line.slice(0, place);
          who.style.setProperty("--hue", hue(who.textContent));
          words.append(who, line.slice(place));
          if (who.textContent === name) item.className = "own";
        } else {
          words.textContent = line;
          item.className = "told";
          const entered = line.match(/^\* you are in (.*)$/);
          if (entered) {
            room = byId("room").textContent = entered[1];
            document.title = room + " – chat";
          }
        }
        item.append(words);
        const isAtEnd = heard.scrollTop + heard.clientHeight >= heard.scrollHeight - 60;
        heard.append(item);
        if (heard.children.length > 500) heard.firstChild.remove();
        // Who reads what was said before is left where they are.
        if (isAtEnd) heard.scrollTop = heard.scrollHeight;
      }

      function setState(word, kind) { byId("state").textContent = word; byId("state").className = kind; }

      function connect() {
        socket = new WebSocket(location.origin.replace(/^http/, "ws") + "/chat");
        socket.onopen = () => {
          attempts = 0;
          setState("connected", "good");
          // What the room tells who comes is what was said last: it is shown once.
          heard.replaceChildren();
          if (name !== "somebody") socket.send("/name " + name);
          if (room !== "lobby") socket.send("/join " + room);
        };
        socket.onmessage = event => show(event.data);
        socket.onclose = event => {
          const wait = Math.min(8, 2 ** attempts++);
          setState(`ended (${event.code}), again in ${wait} s`, "bad");
          setTimeout(connect, wait * 1000);
        };
      }

      byId("form").onsubmit = event => {
        event.preventDefault();
        if (!text.value || socket.readyState !== WebSocket.OPEN) return;
        if (text.value.startsWith("/name ")) name = text.value.slice(6).trim() || name;
        socket.send(text.value);
        text.value = "";
      };
      connect();
    </script>
    </html>
    """#
