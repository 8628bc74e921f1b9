/// The page that a browser is served at `/`; its script is `imScript`. `?name=` says who comes, `?open=`
/// which conversation is opened, and `?nodes=PORT,PORT` to which nodes of this machine the page goes in turn.
let imPage = #"""
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Messenger</title>
    <style>
      body { font: 15px sans-serif; max-width: 60em; margin: 1.5em auto; padding: 0 1em; }
      body { background: #fbfbfa; color: #222; }
      h1, h2 { margin: 0; } h2 { font-size: 1.1em; } p { color: #666; margin: .3em 0 1em; }
      b, .count { font-variant-numeric: tabular-nums; color: #222; }
      main { display: grid; grid-template-columns: 15em 1fr; gap: 1.5em; }
      section, nav { background: white; border: 1px solid #ddd; border-radius: 4px; padding: .8em; }
      ul, ol { list-style: none; margin: 0; padding: 0; }
      nav li { padding: .3em .5em; border-radius: 4px; cursor: pointer; overflow-wrap: anywhere; }
      nav li.open { background: #e8eef5; }
      .unread { float: right; background: #c2571a; color: white; border-radius: 1em; padding: 0 .5em; }
      #heard { height: 24em; overflow-y: auto; }
      #heard li { padding: .2em 0; overflow-wrap: anywhere; }
      #heard .number { color: #999; display: inline-block; min-width: 2.5em; font-size: .85em; }
      #heard .own { color: #2b5a8a; } .waiting, .told { color: gray; }
      form { display: flex; gap: .5em; margin-top: .6em; } input { flex: 1; min-width: 0; font: inherit; }
      button { font: inherit; } .good { color: #197a3d; } .bad { color: #b3261e; }
    </style>
    <h1>Messenger</h1>
    <p><b id="user">nobody</b> on node <b id="node">none</b>,
      <span id="state" class="bad">not connected</span>;
      <span id="recovery"></span> <button id="drop">Drop the connection</button></p>
    <main>
      <nav>
        <h2>Conversations</h2>
        <ul id="list"></ul>
        <form id="more"><input id="other" aria-label="a user, or group:NAME"
          placeholder="user or group:NAME" autocomplete="off"><button>Open</button></form>
      </nav>
      <section>
        <h2 id="title">Open a conversation</h2>
        <p id="members"></p>
        <ol id="heard" aria-live="polite"></ol>
        <form id="form"><input id="text" aria-label="message" autocomplete="off" autofocus>
          <button>Say</button></form>
      </section>
    </main>
    <script src="/im.js"></script>
    </html>
    """#
