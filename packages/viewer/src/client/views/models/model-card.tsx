import { useEffect, useState } from 'preact/hooks';
import { apiPaths } from '../../../contract/api.ts';
import { Notice } from '../../parts/notice.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import type { OpenRun } from '../../state/run.ts';
import { parseMarkdown, type Inline, type MarkdownBlock } from './markdown-blocks.ts';
import { modelsMessages } from './models-messages.ts';

/** A model's card, fetched when it is opened. */
export function ModelCard({ run, path, title }: { run: OpenRun; path: string; title: string }) {
  const words = modelsMessages();
  const [isOpen, setIsOpen] = useState(false);
  const [blocks, setBlocks] = useState<readonly MarkdownBlock[]>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    if (!isOpen || blocks !== undefined) return;
    let isCurrent = true;
    setProblem(undefined);
    fetchCard(run, path).then(
      (text) => {
        if (isCurrent) setBlocks(parseMarkdown(text));
      },
      (error: unknown) => {
        if (isCurrent) setProblem((error as Error).message);
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [isOpen]);
  return (
    <details
      onToggle={({ currentTarget }) => {
        setIsOpen(currentTarget.open);
      }}
    >
      <summary>{words.card}</summary>
      {problem !== undefined && <Notice tone="error">{problem}</Notice>}
      {isOpen && blocks === undefined && problem === undefined && <p class="quiet">{words.cardLoading}</p>}
      {/* The trainer writes cards in English. */}
      <div class="model-card" lang="en">
        {/* The first heading repeats the title above. */}
        {blocks?.slice(1).map((block, i) => (
          <Block key={i} block={block} label={words.cardPart(title, i + 1)} />
        ))}
      </div>
    </details>
  );
}

async function fetchCard({ id, manifest }: OpenRun, path: string): Promise<string> {
  const { sha256 } = manifest.files.find((file) => file.path === path)!;
  const response = await fetch(apiPaths.file(id, path, sha256));
  if (!response.ok) throw new Error(`Cannot show "${path}": the server answers ${response.status}.`);
  return response.text();
}

/** @param props.label names what may scroll, for each has to have a name of its own */
function Block({ block, label }: { block: MarkdownBlock; label: string }) {
  switch (block.kind) {
    case 'heading':
      return (
        <h4>
          <Line content={block.content} />
        </h4>
      );
    case 'paragraph':
      return (
        <p>
          <Line content={block.content} />
        </p>
      );
    case 'list':
      return (
        <ul>
          {block.items.map((item, i) => (
            <li key={i}>
              <Line content={item} />
            </li>
          ))}
        </ul>
      );
    case 'code':
      return (
        <ScrollRegion label={label}>
          <pre>
            <code>{block.text}</code>
          </pre>
        </ScrollRegion>
      );
    case 'table':
      return (
        <ScrollRegion label={label}>
          <table>
            <thead>
              <tr>
                {block.head.map((cell, i) => (
                  <th key={i} scope="col" class={block.isNumeric[i] ? 'number' : undefined}>
                    <Line content={cell} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, i) => (
                <tr key={i}>
                  {row.map((cell, j) => (
                    <td key={j} class={block.isNumeric[j] ? 'number' : undefined}>
                      <Line content={cell} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      );
  }
}

function Line({ content }: { content: readonly Inline[] }) {
  return (
    <>
      {content.map(({ kind, text }, i) => {
        switch (kind) {
          case 'text':
            return text;
          case 'strong':
            return <b key={i}>{text}</b>;
          case 'emphasis':
            return <em key={i}>{text}</em>;
          case 'code':
            return <code key={i}>{text}</code>;
        }
      })}
    </>
  );
}
