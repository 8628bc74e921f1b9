/// The page that a browser is served at `/`; its script is `imScript`. `?name=` says who comes, `?open=`
/// which conversation is opened, and `?nodes=PORT,PORT` to which nodes of this machine the page goes in turn.
let imPage = #"""
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="data:,">
    <title>Messenger</title>
    <style>
      :root { --page: #f4f5f7; --card: #fff; --line: #d5d9e0; --text: #1b1f27; --faint: #5d6675;
        --own: #e2edf9; --open: #e2edf9;
        --focus: #1a5fb4; --good: #14743a; --bad: #b3261e; --count: #a8430a; }
      @media (prefers-color-scheme: dark) {
        :root { --page: #0e1116; --card: #161b22; --line: #323a46; --text: #e7ebf1; --faint: #98a3b3;
          --own: #1d3350; --open: #22324a;
          --focus: #79b8ff; --good: #4cc38a; --bad: #ff7b72; --count: #b9531a; }
      }
      * { box-sizing: border-box; }
      body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; padding: .75rem; max-width: 70rem;
        height: 100dvh; display: flex; flex-direction: column; gap: .6rem;
        background: var(--page); color: var(--text); font-variant-numeric: tabular-nums; }
      header { display: flex; flex-wrap: wrap; align-items: center; gap: .3rem .8rem; }
      h1, h2 { margin: 0; } h1 { font-size: 1.2rem; } h2 { font-size: 1rem; overflow-wrap: anywhere; }
      p { margin: 0; color: var(--faint); overflow-wrap: anywhere; } b { color: var(--text); }
      #state { font-size: .85rem; font-weight: 600; padding: 0 .55rem;
        border: 1px solid; border-radius: 1rem; }
      .good { color: var(--good); } .bad { color: var(--bad); } #drop { margin-left: auto; }
      main { flex: 1; min-height: 0; display: grid; grid-template-columns: 16rem minmax(0, 1fr); gap: .6rem; }
      nav, section { background: var(--card); border: 1px solid var(--line); border-radius: 8px;
        padding: .7rem; display: flex; flex-direction: column; gap: .4rem; min-height: 0; }
      ul, ol { list-style: none; margin: 0; padding: 0; overflow-y: auto; flex: 1; min-height: 0; }
      nav li button { display: flex; width: 100%; gap: .5rem; text-align: left; border: 0; background: none;
        font-weight: 400; overflow-wrap: anywhere; }
      nav li.open button { background: var(--open); font-weight: 600; }
      nav li button:hover { background: var(--page); } nav li button:focus-visible { outline-offset: -2px; }
      .unread { margin-left: auto; background: var(--count); color: #fff; border-radius: 1em;
        padding: 0 .5em; font-weight: 600; align-self: center; }
      #members { font-size: .85rem; min-height: 1.3em; }
      #heard { border-top: 1px solid var(--line); padding-top: .3rem; }
      #heard li { padding: .15rem .4rem; border-radius: 6px; overflow-wrap: anywhere; display: flex; }
      #heard .number { color: var(--faint); flex: none; width: 2.8rem; font-size: .8rem;
        padding-top: .12rem; }
      #heard .own { background: var(--own); } #heard .waiting { color: var(--faint); font-style: italic; }
      form { display: flex; gap: .5rem; } input { flex: 1; min-width: 0; }
      input, button { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line);
        border-radius: 8px; padding: .35rem .7rem; }
      button { cursor: pointer; font-weight: 600; } button:disabled { color: var(--faint); cursor: default; }
      :focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
      @media (max-width: 40rem) {
        main { grid-template-columns: minmax(0, 1fr); grid-template-rows: 10.5rem minmax(0, 1fr); }
        #drop { margin-left: 0; }
      }
    </style>
    <header>
      <h1>Messenger</h1>
      <span id="state" role="status" class="bad">not connected</span>
      <p><b id="user">nobody</b> on node <b id="node">none</b>; <span id="recovery"></span></p>
      <button id="drop">Drop the connection</button>
    </header>
    <main>
      <nav aria-label="conversations">
        <h2>Conversations</h2>
        <ul id="list"></ul>
        <form id="more"><input id="other" aria-label="a user, or group:NAME"
          placeholder="user or group:NAME" autocomplete="off"><button>Open</button></form>
      </nav>
      <section aria-labelledby="title">
        <h2 id="title">Open a conversation</h2>
        <p id="members"></p>
        <ol id="heard" role="log" aria-live="polite" aria-label="what was said" tabindex="0"></ol>
        <form id="form"><input id="text" aria-label="message" placeholder="Say something" autocomplete="off"
          autofocus><button>Say</button></form>
      </section>
    </main>
    <script src="/im.js"></script>
    </html>
    """#
