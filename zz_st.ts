import { openEngine, clipByGlobalNorm, scaleByAdam, addDecayedWeights, ready, tf } from "/work/wt/unigram/packages/tfjs-graph";
(async()=>{ await ready();
const mk=(n:number[],s=1)=>({shape:n,data:Float32Array.from({length:n.reduce((a,b)=>a*b,1)},(_,i)=>Math.sin(i*12.9898)*0.02)});
const weights:any={}; for(let l=0;l<12;l++){ weights["a"+l]=mk([768,768*4]); weights["b"+l]=mk([3072,768]); weights["c"+l]=mk([768,2304]); weights["d"+l]=mk([2304,768]);weights["e"+l]=mk([768]);}
const optimizer=[clipByGlobalNorm(1),scaleByAdam({beta1:.9,beta2:.999,epsilon:1e-8,biasCorrection:true}),addDecayedWeights(.01,(n)=>!n.startsWith("e"))];
const e=openEngine({weights,trainable:Object.keys(weights),optimizer,trainShapes:[{x:{shape:[16,768],dtype:"float32"}}] as any,
 loss:({parameters:p,inputs}:any)=>{let x=inputs.x; for(let l=0;l<12;l++){x=tf.matMul(tf.matMul(x,p["a"+l]),p["b"+l]);x=tf.matMul(tf.matMul(x,p["c"+l]),p["d"+l]);x=tf.add(x,p["e"+l]);x=tf.mul(x,1.5)} return tf.mean(tf.square(x)) as any}});
const x={x:mk([16,768])} as any; const t:number[]=[];
for(let i=0;i<12;i++){const s=performance.now(); const r=e.step(x,{learningRate:1e-4,seed:1}); t.push(performance.now()-s); if(i%4==3)console.log(r.loss,r.gradientNorm);}
t.splice(0,2);t.sort((a,b)=>a-b); console.log("median ms",t[5].toFixed(0),"min",t[0].toFixed(0), Object.values(weights).reduce((s:any,w:any)=>s+w.data.length,0)/1e6, process.memoryUsage().rss/1e6, require("node:child_process").execSync("grep VmHWM /proc/"+process.pid+"/status").toString().trim());
})();
