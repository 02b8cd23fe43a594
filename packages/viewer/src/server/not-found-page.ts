/** What a person sees at an address where nothing is. The policy of content allows it no style of its own. */
export const notFoundPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Not found · Narrows</title>
  </head>
  <body>
    <main>
      <h1>There is nothing at this address</h1>
      <p><a href="/">Go to Narrows</a></p>
    </main>
  </body>
</html>
`;
