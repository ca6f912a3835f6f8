import test from 'ava';
import { chineseAmount } from './chinese-amount.ts';

// Examples 1–4 in the way of 《正确填写票据和结算凭证的基本规定》 (银发〔1997〕393号); the others walk every rule of zeros.
const examples: readonly (readonly [string, string])[] = [
  ['1409.50', '人民币壹仟肆佰零玖元伍角整'],
  ['6007.14', '人民币陆仟零柒元壹角肆分'],
  ['1680.32', '人民币壹仟陆佰捌拾元叁角贰分'],
  ['16409.02', '人民币壹万陆仟肆佰零玖元零贰分'],
  ['0.00', '人民币零元整'],
  ['0.07', '人民币柒分'],
  ['0.70', '人民币柒角整'],
  ['9200000.00', '人民币玖佰贰拾万元整'],
  ['1000001.00', '人民币壹佰万零壹元整'],
  ['100000000.00', '人民币壹亿元整'],
  ['100000001.00', '人民币壹亿零壹元整'],
  ['10203040.10', '人民币壹仟零贰拾万叁仟零肆拾元壹角整'],
];

test('amounts are written in capital figures', (t) => {
  for (const [decimal, words] of examples) t.is(chineseAmount(decimal), words);
});

test('what is no amount has no words', (t) => {
  for (const text of ['', '1', '1.2', '-1.00', '1,000.00', 'x']) t.is(chineseAmount(text), '');
});
