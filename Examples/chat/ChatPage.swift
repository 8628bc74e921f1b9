/// The page that a browser is served at `/`. What was heard is a list, newest last; `?name=` and `?room=` in
/// the address say who comes and where to.
let chatPage = #"""
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Chat</title>
    <style>
      body { font: 16px sans-serif; max-width: 40em; margin: 2em auto; padding: 0 1em; }
      ul { list-style: none; padding: 0; min-height: 12em; }
      li { padding: .2em 0; overflow-wrap: anywhere; }
      .told { color: gray; }
      form { display: flex; gap: .5em; }
      input { flex: 1; font: inherit; }
    </style>
    <h1>Chat</h1>
    <p>Say something; <code>/name NAME</code>, <code>/join ROOM</code> and <code>/who</code> are commands.</p>
    <ul id="heard" aria-live="polite"></ul>
    <form id="form">
      <input id="text" aria-label="message" autocomplete="off" autofocus><button>Say</button>
    </form>
    <script>
      const heard = document.getElementById("heard"), text = document.getElementById("text");
      const asked = new URLSearchParams(location.search);
      const socket = new WebSocket(location.origin.replace(/^http/, "ws") + "/chat");
      const show = line => {
        const item = document.createElement("li");
        item.textContent = line;
        if (line.startsWith("* ")) item.className = "told";
        heard.append(item);
        if (heard.children.length > 500) heard.firstChild.remove();
        item.scrollIntoView();
      };
      socket.onopen = () => {
        if (asked.get("name")) socket.send("/name " + asked.get("name"));
        if (asked.get("room")) socket.send("/join " + asked.get("room"));
      };
      socket.onmessage = event => show(event.data);
      socket.onclose = event => show("* the connection ended (" + event.code + ")");
      document.getElementById("form").onsubmit = event => {
        event.preventDefault();
        if (text.value) socket.send(text.value);
        text.value = "";
      };
    </script>
    </html>
    """#
