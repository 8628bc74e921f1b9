/// The page that a browser is served at `/`; its script is `gatewayScript`. `?slow=MILLISECONDS` in
/// the address makes the browser as slow as that.
let gatewayPage = #"""
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="data:,">
    <title>Trades</title>
    <style>
      :root { --page: #f4f5f7; --card: #fff; --line: #dfe2e8; --grid: #eceef2; --text: #1b1f27; --faint:
        #5d6675;
        --up: #14743a; --down: #b3261e; --warn: #8a5a00; --focus: #1a5fb4; --bar: #dbe6f3; --column:
        #b4c8e2;
        --c0: #2563a8; --c1: #b4500f; --c2: #1f7a4d; --c3: #7a4bb0; --c4: #80620c; --c5: #a83258; --c6:
        #0b717a;
        --c7: #5c6470; color-scheme: light; }
      :root[data-theme=dark] { --page: #0e1116; --card: #161b22; --line: #2a313c; --grid: #212833; --text:
        #e7ebf1;
        --faint: #98a3b3; --up: #4cc38a; --down: #ff7b72; --warn: #e3b341; --focus: #79b8ff; --bar: #22324a;
        --column: #3a557d;
        --c0: #6aa9f0; --c1: #f0914d; --c2: #57c08a; --c3: #b794f0; --c4: #d9b44a; --c5: #f07ba0; --c6:
        #4fc4cf;
        --c7: #a3acb8; color-scheme: dark; }
      * { box-sizing: border-box; }
      body { font: 14px/1.4 system-ui, sans-serif; font-variant-numeric: tabular-nums; margin: 0; padding:
        .75rem;
        background: var(--page); color: var(--text); }
      header { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem .8rem; margin-bottom: .75rem;
        }
      h1 { font-size: 1.15rem; margin: 0; } h2 { font-size: .95rem; margin: 0; }
      button { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line);
        border-radius: 6px; padding: .25rem .6rem; cursor: pointer; }
      button[aria-pressed=true] { border-color: var(--focus); color: var(--focus); }
      :focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
      #state { padding: .15rem .6rem; border-radius: 1rem; border: 1px solid currentColor; font-weight: 600;
        }
      .live { color: var(--up); } .less { color: var(--warn); } .gone { color: var(--down); }
      .push { margin-left: auto; display: flex; gap: .4rem; }
      dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin:
        0 0 .75rem; }
      dl div, .card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
      dl div { padding: .45rem .75rem; } dt { color: var(--faint); font-size: .8rem; }
      dd { margin: 0; font-size: 1.2rem; font-weight: 600; } dd small { font-size: .8rem; color:
        var(--faint); }
      main { display: grid; grid-template-columns: minmax(0, 1fr) 21rem; gap: .75rem; align-items: start; }
      main > div { display: grid; gap: .75rem; min-width: 0; }
      .head { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem .75rem; padding: .6rem
        .8rem .3rem; }
      .head p { margin: 0; color: var(--faint); } .head button { margin-left: auto; }
      #line { display: block; width: 100%; height: 22rem; }
      table { border-collapse: collapse; width: 100%; }
      th { color: var(--faint); font-weight: 400; font-size: .8rem; }
      td, th { padding: .28rem .8rem; text-align: right; white-space: nowrap; border-top: 1px solid
        var(--grid); }
      thead th { border-top: 0; } td:first-child, th:first-child { text-align: left; font-weight: 600; }
      tbody tr { cursor: pointer; } tbody tr:hover { background: var(--grid); }
      tbody tr[aria-selected=true] { background: var(--bar); }
      tbody tr:focus-visible { outline-offset: -2px; }
      .dot { display: inline-block; width: .65em; height: .65em; border-radius: 50%; margin-right: .45em; }
      .trend { width: 9rem; } .trend canvas { display: block; width: 100%; height: 1.6rem; }
      .share { width: 18%; } .bar { height: .55em; border-radius: 2px; min-width: 1px; }
      .up { color: var(--up); } .down { color: var(--down); }
      #tape { list-style: none; margin: 0; padding: 0 0 .4rem; height: 43.4rem; overflow: hidden;
        font: 12.5px/1.55 ui-monospace, monospace; }
      #tape li { position: relative; isolation: isolate; grid-template-columns: 5.6em 2.2em 1fr 1fr 1.4em;
        padding: 0 .8rem; text-align: right; }
      #tape li:not([hidden]) { display: grid; }
      #tape li > :nth-child(-n+2) { text-align: left; color: var(--faint); }
      #tape .depth { position: absolute; z-index: -1; inset: 1px 0 1px auto; background: var(--bar); }
      footer { color: var(--faint); margin-top: .75rem; font-size: .85rem; }
      kbd { font: inherit; border: 1px solid var(--line); border-radius: 4px; padding: 0 .3em; background:
        var(--card); }
      @media (max-width: 60rem) { main { grid-template-columns: minmax(0, 1fr); } #tape { height: 20rem; } }
      @media (max-width: 34rem) { td, th { padding: .28rem .4rem; } .share { display: none; } .trend {
        width: 4.5rem; }
        .head p { order: 1; flex-basis: 100%; }
        #line { height: 15rem; } dl { grid-template-columns: 1fr 1fr; gap: .5rem; } }
    </style>
    <header>
      <h1>Trades</h1>
      <span id="state" role="status" class="less">connecting</span>
      <span id="pace"></span>
      <span class="push"><button id="pause" aria-pressed="false">Pause the tape</button>
        <button id="theme">Theme</button></span>
    </header>
    <dl>
      <div><dt>trades told</dt><dd><span id="trades">0</span> <small id="rate"></small></dd></div>
      <div><dt>messages of 29 bytes</dt><dd id="messages">0</dd></div>
      <div title="Trades that were told within another of the same symbol, as this browser lagged behind">
        <dt>conflated</dt><dd><span id="conflated">0</span> <small id="part"></small></dd></div>
      <div><dt>volume</dt><dd id="volume">0</dd></div>
    </dl>
    <main>
      <div>
        <section class="card" aria-labelledby="title">
          <div class="head"><h2 id="title">All symbols</h2>
            <p id="about">change since the left edge</p>
            <button id="all" aria-pressed="true">All symbols</button></div>
          <canvas id="line" role="img"
            aria-label="prices over time; the table below has the figures"></canvas>
        </section>
        <section class="card" aria-label="symbols">
          <table>
            <thead><tr><th scope="col">symbol</th><th scope="col">last</th><th scope="col">change</th>
              <th scope="col" class="trend">trend</th><th scope="col">volume</th>
              <th class="share" scope="col">share</th></tr></thead>
            <tbody id="symbols"></tbody>
          </table>
        </section>
      </div>
      <section class="card" aria-labelledby="tapeTitle">
        <div class="head"><h2 id="tapeTitle">Tape</h2><p>Σ: several trades in one message</p></div>
        <ol id="tape" aria-live="off"></ol>
      </section>
    </main>
    <footer><kbd>Tab</kbd> to the table, <kbd>↑</kbd> <kbd>↓</kbd> or a symbol's letter for its price,
      <kbd>Esc</kbd> for all.</footer>
    <script src="/trades.js"></script>
    </html>
    """#
