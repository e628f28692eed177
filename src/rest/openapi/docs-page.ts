import { type Operation, operations } from './operations.ts';
import { type SchemaName, schemas } from './schemas.ts';

/** The document as one page of HTML that fetches nothing. */
export function docsPage(
  version: string,
  isServed: (method: string, path: string) => boolean,
  schemaOf: (name: SchemaName) => unknown,
): string {
  const served = operations.filter(({ method, path }) => isServed(method, path));
  const sections = [
    section(
      'As Kafka Connect',
      served.filter(({ own }) => !own),
    ),
    section(
      "Sluice's own",
      served.filter(({ own }) => own),
    ),
  ];
  const shapes = (Object.keys(schemas) as SchemaName[]).map(
    (name) =>
      `<details id="${name}"><summary><code>${name}</code></summary><pre>${escaped(JSON.stringify(schemaOf(name), null, 2))}</pre></details>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>REST of Sluice</title>
<style>${style}</style>
<h1>REST of Sluice ${escaped(version)}</h1>
<p>The same as <a href="/openapi.json">OpenAPI 3.1</a>.</p>
${sections.join('\n')}
<h2>Shapes</h2>
${shapes.join('\n')}
</html>
`;
}

const section = (title: string, shown: readonly Operation[]): string => `<h2>${title}</h2>\n${shown.map(operationHtml).join('\n')}`;

function operationHtml({ method, path, summary, query = {}, headers = {}, body, answers }: Operation): string {
  const given = [...Object.entries(query), ...Object.entries(headers)].map(
    ([name, text]) => `<li><code>${name}</code>: ${escaped(text)}</li>`,
  );
  const takes = body === undefined ? '' : `<p>Takes ${link(body)}.</p>`;
  const gives = Object.entries(answers).map(
    ([status, content]) => `<li>${status}${content === null ? '' : `: ${contentHtml(content)}`}</li>`,
  );
  return `<details><summary><b class="${method}">${method.toUpperCase()}</b> <code>${escaped(path)}</code> ${escaped(summary)}</summary>
${given.length > 0 ? `<ul>${given.join('')}</ul>` : ''}${takes}<p>Answers</p><ul>${gives.join('')}</ul></details>`;
}

const contentHtml = (content: SchemaName | { readonly mediaType: string }): string =>
  typeof content === 'string' ? link(content) : escaped(content.mediaType);

const link = (name: SchemaName): string => `<a href="#${name}">${name}</a>`;

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
details{border:1px solid #d0d7de;border-radius:6px;margin:.4rem 0;padding:.4rem .8rem}summary{cursor:pointer}
b{display:inline-block;width:4.5rem;font-family:ui-monospace,monospace}.get{color:#0969da}.post{color:#1a7f37}.put,.patch{color:#9a6700}.delete{color:#cf222e}
pre{overflow:auto;font-size:13px}@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}details{border-color:#30363d}a{color:#58a6ff}}`;
